/** The icons of the stage, 24 px, drawn in the colour of the text beside them. */

const DRAWINGS = {
  microphone: "M12 4a2.5 2.5 0 0 1 2.5 2.5v5a2.5 2.5 0 0 1-5 0v-5A2.5 2.5 0 0 1 12 4zM6.5 11.5a5.5 5.5 0 0 0 11 0M12 17v3",
  microphoneOff:
    "M9.5 9v2.5a2.5 2.5 0 0 0 4 2M14.5 10V6.5a2.5 2.5 0 0 0-4.9-.7M6.5 11.5a5.5 5.5 0 0 0 9 4.2M17.5 11.5a5 5 0 0 1-.4 2M12 17v3M4 4l16 16",
  camera: "M4 7h10v10H4zM14 11l6-3v8l-6-3",
  cameraOff: "M4 7h8M14 9v8H4V8M14 11l6-3v8l-3-1.5M4 4l16 16",
  screen: "M3 5h18v12H3zM9 21h6M12 17v4M12 14V9M9.5 11 12 8.5 14.5 11",
  leave: "M14 4h4a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4M10 8l-4 4 4 4M6 12h10",
  more: "M5 11v2M12 11v2M19 11v2",
} as const;

type IconName = keyof typeof DRAWINGS;

export function StageIcon({ name }: { name: IconName }) {
  return (
    <svg className="stage-icon" viewBox="0 0 24 24" width={22} height={22} aria-hidden="true">
      <path d={DRAWINGS[name]} />
    </svg>
  );
}
