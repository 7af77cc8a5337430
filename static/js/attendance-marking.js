// A browser sends nothing while a time is half typed, and says so only at a field that is seen:
// the folded row is opened, so that it does not look as if the button did nothing.
const list = document.querySelector(".mark-form");

list?.addEventListener(
  "invalid",
  (event) => {
    const row = event.target.closest("details");
    if (row) {
      row.open = true;
    }
  },
  // The event does not rise, so the form hears it on its way down.
  true,
);
