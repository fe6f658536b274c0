// The epidemic curve: bars from zero, labelled directly, in the page's colours; redrawn when the theme changes.
(function () {
  "use strict";
  var place = document.querySelector("[data-curve]");
  if (!place || !window.echarts) return;
  var data = JSON.parse(document.getElementById(place.dataset.curve).textContent);
  var still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  var chart = null;

  function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

  function bars(name, values, fill, decal) {
    return { name: name, type: "bar", data: values, itemStyle: { color: fill, decal: decal }, barGap: "0%", barCategoryGap: "20%" };
  }

  function draw() {
    if (chart) chart.dispose();
    chart = window.echarts.init(place, null, { renderer: "svg" });
    var ink = colour("--ink-2"), line = colour("--line");
    chart.setOption({
      animation: !still,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 40, right: 16, top: 40, bottom: 32 },
      legend: { top: 4, left: 40, icon: "rect", itemWidth: 12, itemHeight: 12, textStyle: { color: ink } },
      tooltip: { trigger: "axis", backgroundColor: colour("--surface"), borderColor: line, textStyle: { color: colour("--ink") } },
      xAxis: { type: "category", data: data.days, axisLabel: { color: ink, hideOverlap: true }, axisTick: { show: false }, axisLine: { lineStyle: { color: line } } },
      yAxis: { type: "value", min: 0, minInterval: 1, axisLabel: { color: ink }, splitLine: { lineStyle: { color: line } } },
      series: [
        bars(data.names.onset, data.onset, colour("--late")),
        Object.assign(bars(data.names.confirmed, data.confirmed, colour("--brand")), data.now === null ? {} : {
          markLine: { symbol: "none", silent: true, lineStyle: { color: colour("--missed"), type: "dashed" },
            label: { formatter: data.names.now, color: ink, position: "insideEndTop" }, data: [{ xAxis: data.now }] }
        })
      ]
    });
  }

  draw();
  document.addEventListener("bulou:theme", draw);
  new ResizeObserver(function () { chart.resize(); }).observe(place);
})();
