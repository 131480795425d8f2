// What pages do beyond plain links and forms. Elements ask for it by data- attributes.
"use strict";
(() => {
  const messages = document.getElementById("messages");
  const focus = (field) => (field?.tomselect?.control_input ?? field)?.focus();
  const focusFirstInvalid = (root) => focus(root.querySelector("[data-focus], :is(input, select, textarea):is([aria-invalid=true], .is-invalid)"));

  // --- Fields to choose in ---------------------------------------------------------------------

  // Give the control that replaces a field what assistive technology was told about the field.
  function describe(select) {
    select.input.setAttribute("aria-hidden", "true");
    for (const name of ["aria-describedby", "aria-invalid"]) {
      const value = select.input.getAttribute(name);
      if (value) select.control_input.setAttribute(name, value);
    }
    // What is typed to search is no change of the form.
    for (const name of ["input", "change"]) {
      select.control_input.addEventListener(name, (event) => event.stopPropagation());
    }
  }

  // Text fields whose value is looked up on the server, by the data- attribute that has the address:
  // the name of the answer's list, of the value in each of its rows, and how a row is drawn.
  const lookups = {
    ownerSelect: {
      list: "owners",
      value: "email",
      draw: ({ notActivated }) => (owner, escape) =>
        `<div class="owner"><span>${escape(owner.email)}</span>` +
        (owner.name ? `<span class="small text-secondary">${escape(owner.name)}</span>` : "") +
        (owner.activated === false ? `<span class="badge bg-yellow-lt">${escape(notActivated)}</span>` : "") +
        "</div>",
    },
    organizationSelect: {
      list: "organizations",
      value: "title",
      draw: () => (organization, escape) =>
        `<div class="owner"><span>${escape(organization.title)}</span>` +
        (organization.owner ? `<span class="small text-secondary">${escape(organization.owner)}</span>` : "") +
        "</div>",
    },
  };

  function lookUp(input, name) {
    const { list, value, draw } = lookups[name];
    const row = draw(input.dataset);
    const select = new TomSelect(input, {
      valueField: value,
      labelField: value,
      searchField: [], // The server has searched.
      maxItems: 1,
      delimiter: "\n",
      openOnFocus: false,
      create: (text) => ({ [value]: text }), // What is typed whole, or pasted, need not be looked up.
      createOnBlur: true,
      loadThrottle: 200,
      shouldLoad: (text) => /[\p{L}\p{N}]/u.test(text),
      load(text, show) {
        this.clearOptions();
        fetch(`${input.dataset[name]}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } })
          .then((answer) => answer.json())
          .then((answer) => show(text === this.lastValue ? answer[list] : [])) // Answers may overtake.
          .catch(() => {
            show();
            sayFailure("failed");
          });
      },
      render: {
        option: row,
        item: row,
        option_create: () => null,
        loading: () => '<div class="no-results">…</div>',
        no_results: (_data, escape) => `<div class="no-results">${escape(input.dataset.noneFound)}</div>`,
      },
    });
    describe(select);
  }

  // A date is typed as the page's language writes it; the browser's calendar, which follows the
  // browser's language, only fills it in.
  function addCalendar(input) {
    if (input.parentElement.classList.contains("with-calendar")) return;
    const { min, max, date } = input.dataset;
    const around = document.createElement("span");
    const calendar = Object.assign(document.createElement("input"), { type: "date", className: "calendar", tabIndex: -1, min, max });
    calendar.setAttribute("aria-hidden", "true");
    around.className = "with-calendar";
    around.classList.toggle("is-invalid", input.classList.contains("is-invalid")); // Shows the text below.
    input.replaceWith(around);
    around.append(input, calendar);
    calendar.addEventListener("input", (event) => event.stopPropagation());
    calendar.addEventListener("change", (event) => {
      event.stopPropagation();
      const [year, month, day] = calendar.value.split("-");
      input.value = date.replace("Y", year).replace("m", month).replace("d", day);
      for (const name of ["input", "change"]) input.dispatchEvent(new Event(name, { bubbles: true }));
      input.focus();
    });
  }

  function enhance(root) {
    for (const input of root.querySelectorAll("input[data-owner-select]:not(.tomselected)")) lookUp(input, "ownerSelect");
    for (const input of root.querySelectorAll("input[data-organization-select]:not(.tomselected)")) lookUp(input, "organizationSelect");
    for (const input of root.querySelectorAll("select[data-select]:not(.tomselected)")) {
      // Found at once: Enter takes what was typed, not what was found before.
      describe(new TomSelect(input, { maxOptions: null, searchField: ["text", "value"], refreshThrottle: 0 }));
    }
    for (const input of root.querySelectorAll("input[data-date]")) addCalendar(input);
    // Of tabs that do not fit, the one of this page is in sight.
    for (const tabs of root.querySelectorAll(".section-nav")) {
      const here = tabs.querySelector("[aria-current]")?.getBoundingClientRect().right ?? 0;
      tabs.scrollLeft += Math.max(0, here - tabs.getBoundingClientRect().right);
    }
  }

  // An owner has been added in the dialog, or was there already: select them.
  document.addEventListener("owner-added", ({ detail: owner, target }) => {
    target.closest("dialog")?.close();
    const input = document.querySelector("main [data-owner-select]");
    input.tomselect.addOption(owner);
    input.tomselect.updateOption(owner.email, owner);
    input.tomselect.setValue(owner.email);
    focus(input);
  });

  // Checkboxes narrowed to those whose text has what is typed; the ticked ones stay.
  document.addEventListener("input", ({ target }) => {
    if (!target.dataset?.narrows) return;
    const text = target.value.trim().toLowerCase();
    for (const choice of document.getElementById(target.dataset.narrows).children) {
      choice.hidden = !choice.textContent.toLowerCase().includes(text) && !choice.querySelector(":checked");
    }
  });

  // A checkbox that ticks all of the name that it selects; it is ticked itself while all of them are.
  document.addEventListener("change", ({ target }) => {
    const all = document.querySelector("[data-selects]");
    if (!all) return;
    const boxes = [...document.getElementsByName(all.dataset.selects)];
    if (target === all) for (const box of boxes) box.checked = all.checked;
    else if (boxes.includes(target)) all.checked = boxes.every((box) => box.checked);
  });

  // A part of a form that is there only while another field has the value that needs it.
  function showNeeded() {
    for (const part of document.querySelectorAll("[data-only-while]")) {
      const { onlyWhile, is } = part.dataset;
      part.hidden = part.closest("form").elements[onlyWhile].value !== is;
    }
  }
  document.addEventListener("change", showNeeded);

  // An address may name a field, #id_country, and the browser goes into it; or into its stand-in.
  function goToStandIn() {
    const named = document.getElementById(location.hash.slice(1));
    if (named?.tomselect) location.replace(`#${named.tomselect.control_input.id}`);
  }
  window.addEventListener("hashchange", goToStandIn);

  // A bar of the timeline opens the formula in its row of the table.
  document.addEventListener("click", ({ target }) => {
    const bar = target.closest?.("[data-row]");
    const row = bar && document.getElementById(bar.dataset.row);
    if (!row) return;
    row.querySelector("details").open = true;
    row.querySelector("summary").focus();
    row.scrollIntoView({ block: "center" });
  });

  // --- Menus -----------------------------------------------------------------------------------

  // Escape closes a menu and goes back to its button; so does a step or a press outside of it.
  document.addEventListener("keydown", ({ key, target }) => {
    const menu = key === "Escape" && target.closest("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  for (const name of ["focusin", "click"]) {
    document.addEventListener(name, ({ target }) => {
      for (const menu of document.querySelectorAll("details.menu[open]")) {
        if (!menu.contains(target)) menu.open = false;
      }
    });
  }

  // --- Dialogs ---------------------------------------------------------------------------------

  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-close-dialog]")) target.closest("dialog").close();
  });
  document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
    if (target instanceof HTMLDialogElement && !target.open) target.showModal();
  });

  // --- Answers of htmx -------------------------------------------------------------------------

  document.addEventListener("htmx:load", ({ detail: { elt } }) => {
    enhance(elt);
    if (elt !== document.body) focusFirstInvalid(elt);
  });

  // An error page or a sign-in page is no part of this one: say so, and keep what was typed.
  let failure;
  function sayFailure(name) {
    const place = document.querySelector("dialog[open] [data-failures]") ?? messages;
    const alert = document.createElement("div");
    alert.className = "alert alert-danger";
    alert.role = "alert";
    alert.textContent = messages.dataset[name];
    place.replaceChildren(alert);
    alert.scrollIntoView({ block: "nearest" });
    failure = alert;
  }
  // It answers again, what asks every few seconds for one.
  document.addEventListener("htmx:afterSwap", () => failure?.remove());
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { responseURL } = event.detail.xhr;
    if (!responseURL || new URL(responseURL).pathname !== messages.dataset.signIn) return;
    event.preventDefault();
    sayFailure("signedOut");
  });
  document.addEventListener("htmx:responseError", () => sayFailure("failed"));
  document.addEventListener("htmx:sendError", () => sayFailure("failed"));

  // --- Forms -----------------------------------------------------------------------------------

  // A second press while the first is being answered sends nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-submit-once]") || event.defaultPrevented) return;
    // Later: a disabled button's own name and value would not be sent.
    setTimeout(() => {
      for (const button of form.querySelectorAll("button:not([type=button])")) button.disabled = true;
      form.setAttribute("aria-busy", "true");
    });
  });
  // The browser's Back shows the page as it was left.
  window.addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    for (const form of document.querySelectorAll("[data-submit-once][aria-busy]")) {
      for (const button of form.querySelectorAll("button:disabled")) button.disabled = false;
      form.removeAttribute("aria-busy");
    }
  });

  enhance(document);
  showNeeded();
  goToStandIn();
  focusFirstInvalid(document);
})();
