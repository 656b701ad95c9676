/** Shows a recording as a strip of stills with two handles: what lies between them is the clip. Each handle is a slider, for the keyboard too. */
import type { Recording } from "@lectern/client";
import { formatDuration } from "@lectern/player/format-duration";
import { useTranslation } from "../../texts/use-translation.ts";
import { stillAddress } from "./still-address.ts";
import "./clip-strip.css";

/** Of the stills, as shares of the length. */
const PLACES = [0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95];

type Range = { readonly from: number; readonly to: number };

type ClipStripProps = Range & {
  readonly recording: Recording;
  readonly playlist: string | null;
  readonly onChange: (range: Range) => void;
  /** Where the handle is that moves, seconds. */
  readonly onSeek: (seconds: number) => void;
};

export function ClipStrip({ recording, playlist, from, to, onChange, onSeek }: ClipStripProps) {
  const { t } = useTranslation();
  const { seconds: length, startedAt } = recording;
  const end = Math.max(length, 1);
  const move = (range: Range, at: number): void => {
    if (range.from < range.to) onChange(range);
    onSeek(at);
  };
  return (
    <div className="clip-strip">
      <div className="clip-stills">
        {PLACES.map((place) => (
          <Still key={place} address={playlist === null ? null : stillAddress(playlist, startedAt, place * length)} />
        ))}
      </div>
      <div className="clip-outside" style={{ insetInlineStart: 0, width: `${(from / end) * 100}%` }} />
      <div className="clip-outside" style={{ insetInlineEnd: 0, width: `${(1 - Math.min(1, to / end)) * 100}%` }} />
      <input
        type="range"
        min={0}
        max={end}
        step={0.1}
        value={from}
        aria-label={t("clipFrom")}
        aria-valuetext={formatDuration(from)}
        onChange={({ target }) => move({ from: Number(target.value), to }, Number(target.value))}
      />
      <input
        type="range"
        min={0}
        max={end}
        step={0.1}
        value={to}
        aria-label={t("clipTo")}
        aria-valuetext={formatDuration(to)}
        onChange={({ target }) => move({ from, to: Number(target.value) }, Number(target.value))}
      />
    </div>
  );
}

/** Its place stays where there is none, such as in a recording of sound. */
function Still({ address }: { readonly address: string | null }) {
  return <span>{address === null ? null : <img src={address} alt="" loading="lazy" onError={hide} />}</span>;
}

function hide({ currentTarget }: { readonly currentTarget: HTMLImageElement }): void {
  currentTarget.hidden = true;
}
