/**
 * Shows strips of one trouble, one under the other on one time axis: the viewer, the servers and lines on the way, the publisher. A slider, or the
 * pointer over any strip, chooses the moment whose values all strips say.
 */
import type { Why } from "@lectern/client";
import { Title } from "@mantine/core";
import { useMemo, useState } from "react";
import { TimePlot } from "../../plots/time-plot.tsx";
import { useTranslation } from "../../texts/use-translation.ts";
import { useTimeZone } from "../school/school-time.ts";
import { axisOf, stallBands, stripGroups, timesOf } from "./strip-values.ts";
import "./diagnosis.css";

const STRIP_PX = 96;

export function DiagnosisStrips({ why }: { readonly why: Why }) {
  const { t, i18n } = useTranslation();
  const timeZone = useTimeZone();
  const { axis, times, groups, bands } = useMemo(() => stripsOf(why), [why]);
  const [chosen, setChosen] = useState<number | null>(null);
  const worst = Math.round((Date.parse(why.to) - axis.from) / axis.stepMs) - 1;
  const at = Math.min(times.length - 1, Math.max(0, chosen ?? worst));
  const clock = new Intl.DateTimeFormat(i18n.language, { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone });
  const moment = clock.format((times[at] ?? 0) * 1000);
  if (groups.length === 0) return <p>{t("why.nothingMeasured")}</p>;
  return (
    <section aria-label={t("why.strips")}>
      <p className="text-muted">{t("why.stripsHint")}</p>
      <label className="why-moment">
        {t("why.moment")}
        <input
          type="range"
          min={0}
          max={times.length - 1}
          value={at}
          aria-valuetext={moment}
          onChange={(event) => setChosen(event.target.valueAsNumber)}
        />
        <output>{moment}</output>
      </label>
      {groups.map(({ place, name, strips }) => (
        <section key={`${place} ${name}`} className="why-group">
          <Title order={3} size="h5">
            {t(`why.groups.${place}`, { name })}
          </Title>
          {strips.map(({ title, lines, ...strip }) => (
            <TimePlot
              key={title}
              title={t(title)}
              times={times}
              lines={lines.map(({ label, values }) => ({ label: t(label), values }))}
              height={STRIP_PX}
              bands={bands}
              at={at}
              onCursor={setChosen}
              timeZone={timeZone}
              {...strip}
            />
          ))}
        </section>
      ))}
    </section>
  );
}

function stripsOf(why: Why) {
  const axis = axisOf(why);
  const stalls = stallBands(why.moments, axis);
  const span = { from: Date.parse(why.from) / 1000, to: Date.parse(why.to) / 1000 };
  // A trouble without a stall, such as a choppy picture, has no other mark.
  const bands = stalls.length > 0 || why.verdict.place === "none" ? stalls : [span];
  return { axis, times: timesOf(axis), groups: stripGroups(why, axis), bands };
}
