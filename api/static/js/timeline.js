// Crews x time, drawn with Event Calendar's resource timeline (global `EventCalendar`).
// A bar is the stay; the bracket under it the agreed window; dots before it the way there.

import { fill } from "./page.js";

const SLOT_MINUTES = 30;
const SIDEBAR = 170;
const SMALLEST_SLOT = 24;

function minutes(wallClock) {
  return (Date.parse(`${wallClock}Z`) - Date.parse(`${wallClock.slice(0, 10)}T00:00:00Z`)) / 60000;
}

function clock(total) {
  const half = Math.max(0, Math.min(48, total));
  return `${String(Math.floor(half / 2)).padStart(2, "0")}:${half % 2 ? "30" : "00"}:00`;
}

function piece(className, left, width) {
  const element = document.createElement("span");
  element.className = className;
  element.style.left = `${left}px`;
  element.style.width = `${Math.max(width, 0)}px`;
  return element;
}

function stopNode(stop, perMinute, words) {
  const start = minutes(stop.start);
  const bar = document.createElement("span");
  bar.className = `bar-stop${["confirmed", "done"].includes(stop.state) ? "" : " is-open"}`;
  bar.dataset.bar = stop.id;
  const way = stop.travel_s / 60;
  const travel = piece("bar-travel", -way * perMinute, way * perMinute - 2);
  const from = minutes(stop.window_from);
  const window = piece(
    `bar-window lane-${stop.position % 3}`,
    (from - start) * perMinute,
    (minutes(stop.window_until) - from) * perMinute,
  );
  const body = document.createElement("span");
  body.className = "bar-fill";
  body.textContent = stop.position;
  bar.title = `${stop.spoken} · ${fill(words.travel, { minutes: Math.round(way) })}`;
  bar.append(travel, window, body);
  return bar;
}

function labelNode(route, index) {
  const label = document.createElement("span");
  label.className = `timeline-crew crew-${index % 8}`;
  const badge = document.createElement("span");
  badge.className = "crew-badge";
  badge.textContent = route.label;
  const names = document.createElement("span");
  names.className = "quiet";
  names.textContent = route.crew;
  label.append(badge, names);
  return label;
}

function eventsOf(route, index) {
  const shared = { resourceIds: [route.id], editable: false };
  const stops = route.stops.map((stop) => ({
    ...shared,
    id: stop.id,
    start: stop.start,
    end: stop.leave,
    title: stop.spoken,
    classNames: [`crew-${index % 8}`],
    extendedProps: { stop },
  }));
  const rests = route.breaks.map((rest, at) => ({
    ...shared, id: `${route.id}-rest-${at}`, start: rest.from, end: rest.to, classNames: ["rest"], extendedProps: { rest },
  }));
  return [...stops, ...rests];
}

export function drawTimeline(day, selection, select) {
  const target = document.getElementById("timeline-canvas");
  if (!day.routes.length || typeof EventCalendar === "undefined") return;
  const first = 2 * Math.floor(Math.min(...day.routes.map((route) => minutes(route.from))) / 60);
  const last = 2 * Math.ceil(Math.max(...day.routes.map((route) => minutes(route.to))) / 60);
  const slotWidth = Math.max(SMALLEST_SLOT, Math.floor((target.clientWidth - SIDEBAR - 4) / (last - first)));
  const perMinute = slotWidth / SLOT_MINUTES;
  target.replaceChildren();
  EventCalendar.create(target, {
    view: "resourceTimelineDay",
    date: day.service_on,
    locale: document.documentElement.lang,
    headerToolbar: { start: "", center: "", end: "" },
    height: "auto",
    slotMinTime: clock(first),
    slotMaxTime: clock(last),
    slotDuration: { minutes: SLOT_MINUTES },
    slotLabelInterval: { minutes: 60 },
    slotLabelFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
    slotWidth,
    nowIndicator: true,
    selectable: false,
    resources: day.routes.map((route) => ({ id: route.id, title: `${day.words.crew} ${route.label}` })),
    resourceLabelContent: ({ resource }) => {
      const index = day.routes.findIndex((route) => route.id === resource.id);
      return { domNodes: [labelNode(day.routes[index], index)] };
    },
    events: day.routes.flatMap(eventsOf),
    eventContent: ({ event }) => {
      if (event.extendedProps.stop) return { domNodes: [stopNode(event.extendedProps.stop, perMinute, day.words)] };
      const rest = document.createElement("span");
      rest.className = "bar-rest";
      rest.title = day.words.rest;
      return { domNodes: [rest] };
    },
    eventStartEditable: false,
    eventDurationEditable: false,
    eventDidMount: ({ el, event }) => {
      if (event.extendedProps.stop) {
        el.setAttribute("aria-label", event.extendedProps.stop.spoken);
      } else {
        el.removeAttribute("role"); // a rest is nothing to press
        el.removeAttribute("tabindex");
      }
    },
    eventClick: ({ event }) => event.extendedProps.stop && select(event.id, "timeline"),
  });
  selection.addEventListener("change", ({ detail }) => {
    for (const bar of target.querySelectorAll("[data-bar]")) {
      bar.classList.toggle("is-selected", bar.dataset.bar === detail.id);
    }
  });
}
