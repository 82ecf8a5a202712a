"use strict";
// Draw every chart of the page. `ast` keeps Vega from compiling code, which the page's policy forbids.
const charts = JSON.parse(document.getElementById("chart-data").textContent);
const dark = matchMedia("(prefers-color-scheme: dark)").matches;
for (const [name, spec] of Object.entries(charts)) {
  const place = document.getElementById("chart-" + name);
  if (!place || !spec) continue;
  const text = dark ? "#d8dbe0" : "#333";
  const axis = { labelColor: text, titleColor: text, domainColor: text, tickColor: text };
  const config = { axis, legend: { labelColor: text, titleColor: text }, header: { labelColor: text } };
  vegaEmbed(place, spec, {
    ast: true, actions: false, renderer: "svg", config, defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
  }).catch((error) => { place.textContent = "This chart could not be drawn: " + error; });
}
