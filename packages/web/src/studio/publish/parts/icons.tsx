/** The icons of publishing, 24 px, drawn in the colour of the text beside them. */

const DRAWINGS = {
  camera: "M4 7h10v10H4zM14 11l6-3v8l-6-3",
  "camera-off": "M4 7h8M14 9v8H4V8M14 11l6-3v8l-3-1.5M4 4l16 16",
  microphone: "M12 4a2.5 2.5 0 0 1 2.5 2.5v5a2.5 2.5 0 0 1-5 0v-5A2.5 2.5 0 0 1 12 4zM6.5 11.5a5.5 5.5 0 0 0 11 0M12 17v3",
  "microphone-off":
    "M9.5 9v2.5a2.5 2.5 0 0 0 4 2M14.5 10V6.5a2.5 2.5 0 0 0-4.9-.7M6.5 11.5a5.5 5.5 0 0 0 9 4.2M17.5 11.5a5 5 0 0 1-.4 2M12 17v3M4 4l16 16",
  screen: "M3 5h18v12H3zM9 21h6M12 17v4M12 14V9M9.5 11 12 8.5 14.5 11",
  "screen-off": "M3 5h18v12H3zM9 21h6M12 17v4M9 8.5l6 5M15 8.5l-6 5",
  turn: "M5 10a7.5 7.5 0 0 1 13-3l2 2M20 4v5h-5M19 14a7.5 7.5 0 0 1-13 3l-2-2M4 20v-5h5",
  devices: "M4 7h9M17 7h3M4 17h3M11 17h9M13 7a2 2 0 1 0 4 0 2 2 0 0 0-4 0zM7 17a2 2 0 1 0 4 0 2 2 0 0 0-4 0z",
  connection: "M5 19v-3M10 19v-7M15 19V8M20 19V4",
  check: "M5 12.5l4.5 4.5L19 7.5",
  stop: "M7 7h10v10H7z",
} as const;

export type IconName = keyof typeof DRAWINGS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="publish-icon" viewBox="0 0 24 24" width={24} height={24} aria-hidden="true">
      <path d={DRAWINGS[name]} />
    </svg>
  );
}
