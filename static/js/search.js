// The field that searches everything: a combobox whose options are links, as in the ARIA Authoring
// Practices ("Editable Combobox With List Autocomplete"). Without it, the field is a plain form.
"use strict";
(() => {
  // Where the focus was before `/`; Escape goes back there.
  let before;

  class Search {
    constructor(form) {
      this.field = form.querySelector("[name=q]");
      this.list = form.querySelector("[role=listbox]");
      this.shown = ""; // What the options are for.
      this.field.setAttribute("role", "combobox");
      this.field.setAttribute("aria-autocomplete", "list");
      this.field.setAttribute("aria-controls", this.list.id);
      this.open(false);
      this.field.addEventListener("keydown", (event) => this.press(event));
      this.field.addEventListener("input", () => { if (!this.field.value.trim()) this.open(false); });
      this.field.addEventListener("focus", () => this.open(this.shown === this.field.value.trim() && this.options.length > 0));
      // A press on an option takes the focus only after the click that follows it.
      this.list.addEventListener("mousedown", (event) => event.preventDefault());
      form.addEventListener("focusout", ({ relatedTarget }) => { if (!form.contains(relatedTarget)) this.open(false); });
      this.list.addEventListener("htmx:afterSwap", () => this.showFound());
    }

    get options() {
      return [...this.list.querySelectorAll("a[role=option]")];
    }

    get active() {
      return this.list.querySelector("[aria-selected=true]");
    }

    open(isOpen) {
      this.list.hidden = !isOpen;
      this.field.setAttribute("aria-expanded", isOpen);
      if (!isOpen) this.choose(null);
    }

    showFound() {
      const text = this.field.value.trim();
      this.shown = text;
      for (const [number, option] of this.options.entries()) option.id = `${this.list.id}-${number}`;
      this.choose(null);
      this.open(Boolean(text) && this.list.childElementCount > 0 && document.activeElement === this.field);
    }

    choose(option) {
      this.active?.setAttribute("aria-selected", false);
      if (!option) return this.field.removeAttribute("aria-activedescendant");
      option.setAttribute("aria-selected", true);
      option.scrollIntoView({ block: "nearest" });
      this.field.setAttribute("aria-activedescendant", option.id);
    }

    // One option on; beyond the last and the first one is the field itself.
    move(step) {
      const options = [null, ...this.options];
      const at = Math.max(0, options.indexOf(this.active));
      this.choose(options.at((at + step) % options.length));
    }

    press(event) {
      const { key } = event;
      if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
      if (key === "ArrowDown" || key === "ArrowUp") {
        if (this.list.hidden && this.options.length && this.shown === this.field.value.trim()) this.open(true);
        if (!this.list.hidden) this.move(key === "ArrowDown" ? 1 : -1);
      } else if (key === "/" && !this.field.value) {
        // It only moves the focus here, and the focus is here already.
      } else if (key === "Enter" && this.active) {
        this.active.click();
      } else if (key === "Escape") {
        if (!this.list.hidden) this.open(false);
        else if (before?.isConnected && before !== document.body) before.focus();
        else this.field.blur();
      } else return;
      event.preventDefault();
    }
  }

  for (const form of document.querySelectorAll("[data-search]")) new Search(form);

  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || event.altKey || event.ctrlKey || event.metaKey || isTyping || document.querySelector("dialog[open]")) return;
    // On a small screen there is only a link to the page with the field.
    const seen = [...document.querySelectorAll("[data-search] [name=q], .search-link")].find((each) => each.checkVisibility());
    if (!seen) return;
    event.preventDefault();
    before = document.activeElement;
    if (seen.matches("a")) seen.click();
    else {
      seen.focus();
      seen.select();
    }
  });
})();
