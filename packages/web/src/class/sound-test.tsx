/** Plays three notes before the lesson, so that students can check the volume of their device. */
import { useState } from "react";
import { useTranslation } from "../texts/use-translation.ts";

/** C5, E5, G5 in Hz. */
const NOTES = [523, 659, 784];
const NOTE_SECONDS = 0.25;
const GAIN = 0.2;

export function SoundTest() {
  const { t } = useTranslation();
  const [played, setPlayed] = useState(false);
  const play = (): void => {
    const context = new AudioContext();
    const gain = new GainNode(context, { gain: GAIN });
    gain.connect(context.destination);
    NOTES.forEach((frequency, i) => {
      const note = new OscillatorNode(context, { frequency, type: "sine" });
      note.connect(gain);
      note.start(context.currentTime + i * NOTE_SECONDS);
      note.stop(context.currentTime + (i + 1) * NOTE_SECONDS);
      if (i === NOTES.length - 1) note.onended = () => void context.close();
    });
    setPlayed(true);
  };
  return (
    <div className="row">
      <button type="button" className="button" onClick={play}>
        {t("soundTest")}
      </button>
      <p role="status" className="text-muted">
        {played ? t("soundTested") : ""}
      </p>
    </div>
  );
}
