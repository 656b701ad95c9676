/** Shows the mark of Lectern: somebody behind a lectern. `mark.svg` is the same drawing, for the icon of the page. */

export function Mark() {
  return (
    <svg viewBox="0 0 32 32" width={28} height={28} aria-hidden="true">
      <rect className="mark-ground" width="32" height="32" rx="8" />
      <circle className="mark-head" cx="16" cy="9.2" r="3.9" />
      <path className="mark-lectern" d="M7.6 15.8h16.8l-2.2 4.4H9.8z" />
      <path className="mark-foot" d="M16 20.5v4.3M11.8 25.6h8.4" />
    </svg>
  );
}
