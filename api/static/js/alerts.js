// Keeps the urgent alerts of an open page fresh: a silent alarm must be seen within seconds.

const EVERY_MS = 4000;

const box = document.querySelector("[data-alerts]");
let last = "";

async function look() {
  try {
    const answer = await fetch(box.dataset.alerts, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const told = (await answer.text()).trim();
    if (told === last) return; // said again, a screen reader would read it again
    last = told;
    box.replaceChildren(...new DOMParser().parseFromString(told, "text/html").body.childNodes);
  } catch {
    // the network is away for a moment: ask again
  }
}

if (box) {
  look();
  setInterval(look, EVERY_MS);
}
