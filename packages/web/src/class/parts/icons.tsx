/** The icons of the class, 24 px, drawn in the colour of the text beside them. */

const DRAWINGS = {
  sound: "M4 9v6h4l5 4V5L8 9zM16 8.5a5 5 0 0 1 0 7M18.5 6a8.5 8.5 0 0 1 0 12",
  silent: "M4 9v6h4l5 4V5L8 9zM16 9.5l5 5M21 9.5l-5 5",
  hand: "M7 12V6.5a1.5 1.5 0 0 1 3 0V11M10 10.5v-6a1.5 1.5 0 0 1 3 0V11M13 11V5.5a1.5 1.5 0 0 1 3 0V12M16 9.5a1.5 1.5 0 0 1 3 0V15a6 6 0 0 1-6 6h-1a6 6 0 0 1-5-2.7L4.3 14a1.6 1.6 0 0 1 2.6-1.8L8 13.5",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 14.5a4.5 4.5 0 0 0 7 0M9 9.5v.5M15 9.5v.5",
  rewind: "M4 5v5h5M4.5 10a8 8 0 1 1-.4 4M12 8v4.5l3 2",
  more: "M5 11v2M12 11v2M19 11v2",
  leave: "M14 4h4a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4M10 8l-4 4 4 4M6 12h10",
  report: "M12 4 3 19h18zM12 10v4M12 16.5v.5",
  chat: "M4 5h16v11H10l-4 4v-4H4z",
  quiz: "M5 20V11M12 20V4M19 20v-6",
  question: "M9 9a3 3 0 1 1 4.2 2.8c-.8.4-1.2 1-1.2 2.2M12 17.5v.5M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 20a6 6 0 0 1 12 0M16 4.5a3.5 3.5 0 0 1 0 6.5M17.5 14.5A6 6 0 0 1 21 20",
  send: "M4 12 20 4l-5 16-4-6zM11 14l9-10",
  reply: "M10 6 4 12l6 6v-4c5 0 8 1 10 5 0-7-4-9-10-9z",
  pin: "M9 4h6l-1 6 4 4H6l4-4zM12 14v6",
  close: "M6 6l12 12M18 6 6 18",
  down: "M6 9l6 6 6-6",
  up: "M6 15l6-6 6 6",
  lines: "M4 6h10M8 11h12M4 16h8",
  megaphone: "M4 10v4h3l9 4V6l-9 4zM19 9.5v5M8 14.5V19h3",
  lock: "M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3",
  check: "M5 12.5l4.5 4.5L19 7.5",
} as const;

export type IconName = keyof typeof DRAWINGS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" width={24} height={24} aria-hidden="true">
      <path d={DRAWINGS[name]} />
    </svg>
  );
}
