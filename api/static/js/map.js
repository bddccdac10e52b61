// The map: roads as plain GeoJSON from our own server, routes by colour and dash, stops as buttons.
// No tiles, no glyphs, no request to anyone else.

import { Map as MapView, Marker, NavigationControl, LngLatBounds } from "../vendor/maplibre-gl@6.17.0/maplibre-gl.mjs";
import { token } from "./page.js";

const DASHES = [null, [2.2, 1.2], [0.1, 1.6], [2.6, 1, 0.4, 1], [1, 1], [3.5, 1], [0.6, 0.8, 1.8, 0.8], [1.4, 0.8, 0.2, 0.8]];
const EMPTY = { type: "FeatureCollection", features: [] };
const BROAD = ["motorway", "trunk", "primary", "secondary", "motorway_link", "trunk_link", "primary_link"];
const MIDDLE = ["tertiary", "unclassified", "residential", "secondary_link", "tertiary_link", "living_street"];

function roadWidth(extra) {
  const at = (broad, middle, narrow) =>
    ["+", extra, ["match", ["coalesce", ["get", "class"], ["get", "highway"], ""], BROAD, broad, MIDDLE, middle, narrow]];
  return ["interpolate", ["linear"], ["zoom"], 10, at(1.2, 0.4, 0.2), 13, at(3, 1.6, 0.8), 16, at(9, 6, 3)];
}

function style(roads) {
  const area = (kind) => ["all", ["==", ["geometry-type"], "Polygon"], ["==", ["get", "kind"], kind]];
  const line = { "line-cap": "round", "line-join": "round" };
  return {
    version: 8,
    sources: { roads: { type: "geojson", data: roads } },
    layers: [
      { id: "land", type: "background", paint: { "background-color": token("--map-land") } },
      { id: "green", type: "fill", source: "roads", filter: area("park"), paint: { "fill-color": token("--map-green") } },
      { id: "water", type: "fill", source: "roads", filter: area("water"), paint: { "fill-color": token("--map-water") } },
      {
        id: "river", type: "line", source: "roads", layout: line,
        filter: ["all", ["==", ["geometry-type"], "LineString"], ["==", ["get", "kind"], "water"]],
        paint: { "line-color": token("--map-water"), "line-width": ["interpolate", ["linear"], ["zoom"], 10, 2, 16, 14] },
      },
      {
        id: "edges", type: "line", source: "roads", layout: line,
        filter: ["all", ["==", ["geometry-type"], "LineString"], ["!=", ["get", "kind"], "water"]],
        paint: { "line-color": token("--map-road-edge"), "line-width": roadWidth(1.4) },
      },
      {
        id: "roads", type: "line", source: "roads", layout: line,
        filter: ["all", ["==", ["geometry-type"], "LineString"], ["!=", ["get", "kind"], "water"]],
        paint: { "line-color": token("--map-road"), "line-width": roadWidth(0) },
      },
    ],
  };
}

function addRoutes(map, routes) {
  routes.forEach((route, index) => {
    const points = route.line.length > 1 ? route.line : route.stops.map((stop) => [stop.lon, stop.lat]);
    const colour = token(`--crew-${index % 8}`);
    map.addSource(`route-${index}`, {
      type: "geojson",
      data: { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: points } },
    });
    const layer = { type: "line", source: `route-${index}`, layout: { "line-join": "round", "line-cap": "round" } };
    map.addLayer({ ...layer, id: `halo-${index}`, paint: { "line-color": token("--surface"), "line-width": 7, "line-opacity": 0.8 } });
    const dash = DASHES[index % 8];
    map.addLayer({ ...layer, id: `line-${index}`, paint: { "line-color": colour, "line-width": 3.6, ...(dash ? { "line-dasharray": dash } : {}) } });
  });
}

function addStops(map, routes, select) {
  const buttons = new Map();
  routes.forEach((route, index) => {
    for (const stop of route.stops) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = `map-stop crew-${index % 8}`;
      button.textContent = `${route.label}${stop.position}`;
      button.setAttribute("aria-pressed", "false");
      new Marker({ element: button }).setLngLat([stop.lon, stop.lat]).addTo(map);
      button.setAttribute("aria-label", stop.spoken); // after Marker, which sets its own
      button.addEventListener("click", () => select(stop.id, "map"));
      buttons.set(stop.id, { button, stop });
    }
  });
  return buttons;
}

function boundsOf(roads, routes) {
  const bounds = new LngLatBounds();
  for (const route of routes) for (const stop of route.stops) bounds.extend([stop.lon, stop.lat]);
  if (!bounds.isEmpty()) return bounds;
  for (const feature of roads.features.slice(0, 2000)) {
    if (feature.geometry?.type === "LineString") bounds.extend(feature.geometry.coordinates[0]);
  }
  return bounds;
}

async function fetchRoads(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/geo+json" } });
    return answer.ok ? await answer.json() : EMPTY;
  } catch {
    return EMPTY;
  }
}

export async function drawMap(day, selection, select) {
  const canvas = document.getElementById("map-canvas");
  const state = document.getElementById("map-state");
  const roads = await fetchRoads(canvas.dataset.roads);
  const bounds = boundsOf(roads, day.routes);
  let map;
  try {
    map = new MapView({
      container: canvas,
      style: style(roads),
      attributionControl: false, // ours stands beside the map, always in sight
      dragRotate: false,
      locale: { "Map.Title": day.words.map, "NavigationControl.ZoomIn": day.words.zoom_in, "NavigationControl.ZoomOut": day.words.zoom_out },
      ...(bounds.isEmpty() ? { center: [0, 0], zoom: 1 } : { bounds, fitBoundsOptions: { padding: 56, maxZoom: 15 } }),
    });
  } catch {
    state.textContent = state.dataset.failed;
    return;
  }
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const buttons = addStops(map, day.routes, select);
  map.once("load", () => {
    addRoutes(map, day.routes);
    state.hidden = roads.features.length > 0;
    state.classList.add("note");
    state.textContent = state.dataset.bare;
    canvas.dataset.ready = "yes";
  });
  addEventListener("shade", () => {
    map.setStyle(style(roads));
    map.once("styledata", () => addRoutes(map, day.routes));
  });
  selection.addEventListener("change", ({ detail }) => {
    for (const [id, { button }] of buttons) button.setAttribute("aria-pressed", String(id === detail.id));
    const chosen = buttons.get(detail.id);
    if (chosen && detail.from !== "map") {
      map.easeTo({ center: [chosen.stop.lon, chosen.stop.lat], duration: still ? 0 : 400 });
    }
  });
}
