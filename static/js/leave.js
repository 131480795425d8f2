// A page that only leads elsewhere, by a form.
document.querySelector("[data-submit-at-once]").submit();
