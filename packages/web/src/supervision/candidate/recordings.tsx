/** Plays what was recorded of a candidate on one time axis, with what was noted, and when questions were answered, on it. */
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { Choice } from "../wall/choice.tsx";
import { STREAM_KINDS, type StreamKind, type WallDetail } from "../wall/wall-types.ts";
import { historyOf } from "./history-entries.ts";
import { type Axis, axisOf, barAt, shareOf } from "./time-axis.ts";

type RecordingsProps = {
  readonly detail: WallDetail;
  /** The moment that is wanted, milliseconds since 1970; null: none was chosen. Another object is played again. */
  readonly moment: { readonly at: number } | null;
  readonly onMoment: (at: number) => void;
};

export function Recordings({ detail, moment, onMoment }: RecordingsProps) {
  const { t, i18n } = useTranslation();
  const axis = useMemo(() => axisOf(detail.recordings), [detail.recordings]);
  const kinds = STREAM_KINDS.filter((kind) => axis?.bars.some((bar) => bar.kind === kind));
  const [chosen, setChosen] = useState<StreamKind | null>(null);
  const [position, setPosition] = useState<number | null>(null);
  const kind = chosen ?? kinds[0] ?? null;
  if (!axis || kind === null) return null;
  const shown = position ?? moment?.at ?? axis.from;
  const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: "medium" });
  return (
    <section className="panel-recordings">
      <h3>{t("wall.recordings")}</h3>
      <Choice
        label={t("wall.shows")}
        value={kind}
        options={kinds.map((value) => ({ value, label: t(`wall.kinds.${value}`) }))}
        onChange={(value) => setChosen(kinds.find((one) => one === value) ?? null)}
      />
      {moment === null ? null : <Replay axis={axis} kind={kind} moment={moment} onPosition={setPosition} />}
      <div className="axis">
        {axis.bars.map(({ id, kind: ofKind, from, to }) => (
          <span
            key={id}
            className={ofKind === kind ? "axis-bar shown" : "axis-bar"}
            style={{ insetInlineStart: `${shareOf(axis, from)}%`, width: `${shareOf(axis, to) - shareOf(axis, from)}%` }}
          />
        ))}
        {detail.answers.map(({ question, at }) => (
          <span
            key={`${question} ${at}`}
            className="axis-mark"
            data-kind="answer"
            style={{ insetInlineStart: `${shareOf(axis, Date.parse(at))}%` }}
          />
        ))}
        {historyOf(detail).map(({ key, kind: what, at }) => (
          <span
            key={key}
            className="axis-mark"
            data-kind={what}
            style={{ insetInlineStart: `${shareOf(axis, Date.parse(at))}%` }}
          />
        ))}
        <input
          type="range"
          min={axis.from}
          max={axis.to}
          step={1000}
          value={shown}
          aria-label={t("wall.axis")}
          aria-valuetext={time.format(shown)}
          onChange={(event) => {
            setPosition(null);
            onMoment(Number(event.target.value));
          }}
        />
      </div>
      <p className="axis-ends">
        <span>{time.format(axis.from)}</span>
        <strong>{time.format(shown)}</strong>
        <span>{time.format(axis.to)}</span>
      </p>
      <ul className="axis-legend">
        {(["fact", "message", "answer"] as const).map((mark) => (
          <li key={mark} data-kind={mark}>
            {t(`wall.marks.${mark}`)}
          </li>
        ))}
      </ul>
    </section>
  );
}

type ReplayProps = {
  readonly axis: Axis;
  readonly kind: StreamKind;
  readonly moment: { readonly at: number };
  readonly onPosition: (at: number) => void;
};

function Replay({ axis, kind, moment, onPosition }: ReplayProps) {
  const { t } = useTranslation();
  const video = useRef<HTMLVideoElement>(null);
  const found = barAt(axis, kind, moment.at);
  const id = found?.bar.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a moment that is chosen again is played again
  useEffect(() => {
    const element = video.current;
    if (!element || !found) return;
    const seek = (): void => {
      element.currentTime = found.seconds;
      void element.play().catch(() => {});
    };
    if (element.readyState > 0) return seek();
    element.addEventListener("loadedmetadata", seek, { once: true });
    return () => element.removeEventListener("loadedmetadata", seek);
  }, [id, moment]);
  if (!found) return <p>{t("wall.notRecorded")}</p>;
  return (
    <video
      key={id}
      ref={video}
      className="panel-replay"
      src={found.bar.address}
      controls
      muted
      playsInline
      aria-label={t("wall.recordings")}
      onTimeUpdate={(event) => onPosition(found.bar.from + event.currentTarget.currentTime * 1000)}
    />
  );
}
