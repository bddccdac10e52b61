// What the page was given: JSON blocks, words with {places}, and the token that goes with every write.

export function data(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

export function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

export function csrfToken() {
  // The cookie wins: a page kept for offline use holds an old token, the cookie is always fresh.
  const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrf_token="));
  if (cookie) return decodeURIComponent(cookie.slice("csrf_token=".length));
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
