/** Provides a still picture with a line of text, which students see while the camera is off. The camera itself is closed then, and its light is out. */

const [WIDTH, HEIGHT] = [1280, 720];
/** A canvas gives a picture only when it was drawn to. */
const DRAW_EVERY_MS = 500;

/** @param text in the language of the page */
export function openPlaceholder(text: string): { readonly stream: MediaStream; readonly close: () => void } {
  const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT });
  const context = canvas.getContext("2d");
  const draw = (): void => {
    if (!context) return;
    context.fillStyle = "#18242c";
    context.fillRect(0, 0, WIDTH, HEIGHT);
    context.fillStyle = "#eaf1f4";
    context.font = '48px system-ui, "PingFang SC", "Noto Sans CJK SC", sans-serif';
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(text, WIDTH / 2, HEIGHT / 2, WIDTH - 80);
  };
  draw();
  const stream = canvas.captureStream(1000 / DRAW_EVERY_MS);
  const timer = setInterval(draw, DRAW_EVERY_MS);
  return {
    stream,
    close: () => {
      clearInterval(timer);
      for (const track of stream.getTracks()) track.stop();
    },
  };
}
