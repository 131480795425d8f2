// What pages do beyond plain links and forms. Elements ask for it by data- attributes.
"use strict";
(() => {
  const messages = document.getElementById("messages");
  const focus = (field) => (field?.tomselect?.control_input ?? field)?.focus();
  const focusFirstInvalid = (root) => focus(root.querySelector("[aria-invalid=true], .is-invalid"));

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

  // A text field that holds an owner's address, looked up on the server by its data-owner-select.
  function ownerSelect(input) {
    const { ownerSelect: url, noneFound, notActivated } = input.dataset;
    const row = (owner, escape) =>
      `<div class="owner"><span>${escape(owner.email)}</span>` +
      (owner.name ? `<span class="small text-secondary">${escape(owner.name)}</span>` : "") +
      (owner.activated === false ? `<span class="badge bg-yellow-lt">${escape(notActivated)}</span>` : "") +
      "</div>";
    const select = new TomSelect(input, {
      valueField: "email",
      labelField: "email",
      searchField: [], // The server has searched.
      maxItems: 1,
      delimiter: "\n",
      openOnFocus: false,
      create: (email) => ({ email }), // An address typed whole, or pasted, need not be looked up.
      createOnBlur: true,
      loadThrottle: 200,
      shouldLoad: (text) => /[\p{L}\p{N}]/u.test(text),
      load(text, show) {
        this.clearOptions();
        fetch(`${url}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } })
          .then((answer) => answer.json())
          .then(({ owners }) => show(text === this.lastValue ? owners : [])) // Answers may overtake.
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
        no_results: (_data, escape) => `<div class="no-results">${escape(noneFound)}</div>`,
      },
    });
    describe(select);
  }

  function enhance(root) {
    for (const input of root.querySelectorAll("input[data-owner-select]:not(.tomselected)")) ownerSelect(input);
    for (const input of root.querySelectorAll("select[data-select]:not(.tomselected)")) {
      describe(new TomSelect(input, { maxOptions: null, searchField: ["text", "value"] }));
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
  function sayFailure(name) {
    const place = document.querySelector("dialog[open] [data-failures]") ?? messages;
    const alert = document.createElement("div");
    alert.className = "alert alert-danger";
    alert.role = "alert";
    alert.textContent = messages.dataset[name];
    place.replaceChildren(alert);
    alert.scrollIntoView({ block: "nearest" });
  }
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
  focusFirstInvalid(document);
})();
