"use strict";
// The index is a script beside this one: a page opened from the file system may read nothing else.
(function () {
  const MOST = 30;
  const root = document.body.dataset.root;
  const box = document.querySelector(".search");
  const input = document.getElementById("search");
  const results = document.getElementById("search-results");
  const count = document.getElementById("search-count");
  let prepared = null;

  const tokens = (text) => text.toLowerCase().replace(/^p\.|([\s:,;/])p\./g, "$1").split(/[\s:,;()]+/).filter(Boolean);

  function prepare() {
    const index = window.rulebaseIndex;
    return index.entries.map(([kind, label, detail, href, keys, ruleset], order) => ({
      kind, label, detail, href, order, ruleset,
      keys: keys.map((key) => key.toLowerCase()),
      words: tokens(label),
      label_text: label.toLowerCase(),
      text: (label + " " + keys.join(" ") + " " + detail + " " + index.kinds[kind]).toLowerCase(),
    }));
  }

  // How well one word of the search fits an entry; 0 where it does not.
  function fit(entry, word) {
    if (entry.keys.includes(word)) return 100;
    if (entry.words.includes(word)) return 80;
    if (entry.keys.some((key) => key.startsWith(word))) return 50;
    if (entry.words.some((other) => other.startsWith(word))) return 40;
    if (entry.label_text.includes(word)) return 20;
    return entry.text.includes(word) ? 8 : 0;
  }

  function find(text) {
    const words = tokens(text);
    const whole = text.trim().toLowerCase();
    const found = [];
    for (const entry of prepared) {
      let sum = entry.label_text === whole || entry.keys.includes(whole) ? 200 : 0;
      let fits = true;
      for (const word of words) {
        const points = fit(entry, word);
        if (!points) { fits = false; break; }
        sum += points;
      }
      if (sum && (fits || sum >= 200)) found.push([sum, entry]);
    }
    found.sort((a, b) => b[0] - a[0] || a[1].kind - b[1].kind || a[1].order - b[1].order);
    return found.map(([, entry]) => entry);
  }

  function show() {
    results.textContent = "";
    count.textContent = "";
    const text = input.value;
    if (!tokens(text).length) return;
    const found = find(text);
    count.textContent = found.length === 0 ? "Nothing found." :
      found.length === 1 ? "1 found." :
      found.length + " found" + (found.length > MOST ? ", the first " + MOST + " shown." : ".");
    const index = window.rulebaseIndex;
    for (const entry of found.slice(0, MOST)) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = root + entry.href;
      link.textContent = entry.label;
      const detail = document.createElement("span");
      detail.className = "small muted";
      const where = index.rulesets.length > 1 ? ", " + index.rulesets[entry.ruleset] : "";
      detail.textContent = " " + index.kinds[entry.kind] + where + (entry.detail ? ": " + entry.detail : "");
      item.append(link, detail);
      results.append(item);
    }
  }

  function search() {
    if (prepared) { show(); return; }
    if (window.rulebaseIndex) { prepared = prepare(); show(); return; }
    if (document.getElementById("search-index")) return;
    const script = document.createElement("script");
    script.id = "search-index";
    script.src = root + "search-index.js";
    script.onload = search;
    script.onerror = () => { count.textContent = "The index of the search is missing; use the index from A to Z."; };
    document.head.append(script);
  }

  input.addEventListener("input", search);
  input.addEventListener("keydown", (event) => {
    const first = results.querySelector("a");
    if (event.key === "Enter" && first) first.click();
    if (event.key === "Escape") { input.value = ""; show(); }
    if (event.key === "ArrowDown" && first) { event.preventDefault(); first.focus(); }
  });
  results.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const links = [...results.querySelectorAll("a")];
    const next = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    (links[next] || (next < 0 ? input : links[links.length - 1])).focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName)) {
      event.preventDefault();
      input.focus();
    }
  });

  box.hidden = false;
  const given = new URLSearchParams(location.hash.slice(1)).get("q");
  if (given) { input.value = given; search(); }
})();
