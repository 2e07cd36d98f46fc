"use strict";
// The form works without this: it adds what completes a name, files that are dropped, and what is told beforehand.
(function () {
  const WAIT = 150;
  const form = document.getElementById("asked");
  const working = document.getElementById("working");

  // A combobox as WAI-ARIA describes it; names come from this server. Of several, the one behind the last semicolon.
  function complete(input) {
    const several = "several" in input.dataset;
    const box = document.createElement("div");
    const list = document.createElement("ul");
    let asked = 0, timer = 0, chosen = -1;
    box.className = "complete";
    list.id = input.id + "-names";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Suggestions");
    input.before(box);
    box.append(input, list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);

    const begun = () => (several ? input.value.split(";").pop() : input.value).trim();

    function close() {
      asked += 1;
      clearTimeout(timer);
      chosen = -1;
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function take(option) {
      const before = several ? input.value.split(";").slice(0, -1).map((part) => part.trim()) : [];
      input.value = [...before, option.dataset.name].join("; ");
      close();
    }

    function choose(number) {
      const options = [...list.children];
      chosen = (number + options.length) % options.length;
      options.forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
      input.setAttribute("aria-activedescendant", options[chosen].id);
      options[chosen].scrollIntoView({ block: "nearest" });
    }

    async function ask() {
      const text = begun();
      const mine = (asked += 1);
      let names = [];
      try {
        const answer = await fetch(input.dataset.names + "?q=" + encodeURIComponent(text));
        if (answer.ok) names = (await answer.json()).names;
      } catch { /* The name can be typed all the same. */ }
      if (mine !== asked || document.activeElement !== input) return;
      list.textContent = "";
      names.forEach((one, at) => {
        const option = document.createElement("li");
        option.id = list.id + "-" + at;
        option.dataset.name = one.name;
        option.textContent = one.label && one.label !== one.name ? one.name + ": " + one.label : one.name;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.addEventListener("mousedown", (event) => { event.preventDefault(); take(option); });
        list.append(option);
      });
      if (!names.length) { close(); return; }
      chosen = -1;
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
    }

    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, WAIT); });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) ask();
        else choose(event.key === "ArrowDown" ? chosen + 1 : Math.max(chosen, 0) - 1);
      } else if (event.key === "Enter" && !list.hidden && chosen >= 0) {
        event.preventDefault();
        take(list.children[chosen]);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      }
    });
  }

  function droppable(zone) {
    const input = zone.querySelector("input[type=file]");
    zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
    zone.addEventListener("dragleave", () => zone.classList.remove("over"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("over");
      if (event.dataTransfer.files.length) {
        input.files = event.dataTransfer.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  }

  if (!form) return;
  document.querySelectorAll("[data-names]").forEach(complete);
  document.querySelectorAll(".drop").forEach(droppable);
  // A file that is dropped beside its place must not take the place of the page.
  for (const kind of ["dragover", "drop"]) {
    window.addEventListener(kind, (event) => { if (event.dataTransfer.types.includes("Files")) event.preventDefault(); });
  }

  form.addEventListener("change", (event) => {
    if (event.target.type !== "file") return;
    const all = [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
    const size = all.reduce((sum, file) => sum + file.size, 0);
    const most = Number(form.dataset.most);
    event.target.setCustomValidity(size > most ? "Files may hold at most " + Math.floor(most / 1e6) + " MB." : "");
    event.target.reportValidity();
  });
  form.addEventListener("submit", () => { working.textContent = "The report is being made."; });
  window.addEventListener("pageshow", () => { working.textContent = ""; });
})();
