// A plan as a picture: four columns of boxes with the lines between them, in the page's colours. A touched box opens its address.
(function () {
  "use strict";
  var DEPTHS = { opens: 0, duty: 1, due: 2, role: 3 };
  var FILLS = { opens: "--brand-soft", duty: "--surface", due: "--late-soft", role: "--due-soft" };
  var EDGES = { opens: "--brand", duty: "--line-strong", due: "--late", role: "--due" };
  var ROW = 30, UNIT = 7, GAP = 6, LEAST = 120, NARROWEST = 720, STEP = 1.25;
  var still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  var chart = null, zoom = 1;

  function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

  function box(one, width) {
    return {
      name: one.name, depth: DEPTHS[one.column], url: one.url, title: one.label, count: one.count, cursor: one.url ? "pointer" : "default",
      itemStyle: { color: colour(FILLS[one.column]), borderColor: colour(EDGES[one.column]), borderWidth: 1, borderRadius: 4 },
      label: {
        position: "inside", color: colour("--ink"), width: width - 16, overflow: "truncate", fontSize: 12 * Math.max(zoom, .9),
        formatter: one.count > 1 ? one.label + " · " + one.count : one.label
      }
    };
  }

  function options(data, size) {
    var width = Math.round(size.width * .19);
    return {
      animation: false, stateAnimation: { duration: still ? 0 : 150 },
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      tooltip: {
        backgroundColor: colour("--surface"), borderColor: colour("--line"), textStyle: { color: colour("--ink") }, confine: true,
        formatter: function (item) {
          var name = item.dataType === "edge" ? titles(data, item.data.source) + " → " + titles(data, item.data.target) : item.data.title;
          var number = item.dataType === "edge" ? item.data.value : item.data.count;
          var text = document.createElement("span");
          text.textContent = name + " · " + number + " " + data.duties;
          return text;
        }
      },
      series: [{
        type: "sankey", left: 2, right: 2, top: 2, bottom: 2, nodeWidth: width, nodeGap: GAP * zoom, nodeAlign: "justify", layoutIterations: 0, draggable: false,
        emphasis: { focus: "trajectory", lineStyle: { opacity: .7 } }, blur: { itemStyle: { opacity: .25 }, lineStyle: { opacity: .08 }, label: { opacity: .3 } },
        lineStyle: { color: colour("--ink-3"), opacity: .22, curveness: .5 },
        data: data.boxes.map(function (one) { return box(one, width); }), links: data.lines
      }]
    };
  }

  function titles(data, name) {
    return data.boxes.filter(function (one) { return one.name === name; })[0].label;
  }

  function draw() {
    var place = document.querySelector("[data-picture]");
    if (chart) { chart.dispose(); chart = null; }
    if (!place || !window.echarts) return;
    var data = JSON.parse(document.getElementById(place.dataset.picture).textContent);
    var room = place.parentElement.clientWidth;
    var size = { width: Math.max(room, NARROWEST) * zoom, height: Math.max(data.rows * ROW, data.strokes * UNIT + data.rows * GAP, LEAST) * zoom };
    place.style.width = size.width + "px";
    place.style.height = size.height + "px";
    var heads = document.querySelector(".picture-heads");
    heads.style.width = size.width + "px";
    chart = window.echarts.init(place, null, { renderer: data.boxes.length > 400 ? "canvas" : "svg" });
    chart.setOption(options(data, size));
    chart.on("click", function (item) { if (item.data.url) window.location.assign(item.data.url); });
  }

  function prepare() {
    document.querySelectorAll("[data-zoom]").forEach(function (button) { button.hidden = false; });
    draw();
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-zoom]");
    if (!button) return;
    var step = Number(button.dataset.zoom);
    zoom = step === 0 ? 1 : Math.min(4, Math.max(.4, zoom * Math.pow(STEP, step)));
    draw();
  });
  document.addEventListener("htmx:afterSettle", prepare);
  document.addEventListener("bulou:theme", draw);
  var width = window.innerWidth;
  window.addEventListener("resize", function () {
    if (window.innerWidth === width) return;
    width = window.innerWidth;
    draw();
  });
  prepare();
})();
