/** Shows the list of a school's own ladders: sets of smaller versions of a stream. */
import type { Ladder } from "@lectern/client";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import type { Field } from "../list/fields-form.tsx";
import { ListPage } from "../list/list-page.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { ladderOptions } from "./quality-fields.ts";
import { RungRows } from "./rung-rows.tsx";
import { rungsOf, rungsText } from "./rung-values.ts";
import { useLadders } from "./use-ladders.ts";

const pathOf = ({ id }: Ladder) => ({ path: { ladderId: id } });

export function Ladders() {
  const { t } = useTranslation();
  const scope = schoolQuery(useSchoolScope());
  const fields = (ladder: Ladder | null): readonly Field[] => [
    { name: "name", label: t("fields.name"), required: true, value: ladder?.name ?? "" },
    {
      name: "rungs",
      label: t("ladders.short"),
      value: rungsText(ladder?.rungs ?? null),
      input: (value, onChange) => <RungRows key="rungs" value={value} onChange={onChange} />,
    },
  ];
  return (
    <ListPage
      title={t("ladders.qualities")}
      hint={<Hint />}
      queryKey={["ladders", scope]}
      path="/ladders"
      query={scope}
      load={(cursor) => unwrap(api().GET("/api/v1/ladders", { params: { query: { ...scope, ...nonEmpty({ cursor }) } } }))}
      keyOf={(ladder) => ladder.id}
      nameOf={(ladder) => ladder.name}
      columns={[
        { label: t("fields.name"), show: ({ name }) => <strong className="wraps">{name}</strong> },
        { label: t("ladders.short"), show: ({ rungs }) => <Rungs rungs={rungs} /> },
      ]}
      add={{
        fields: fields(null),
        save: async ({ name = "", rungs = "" }) => {
          await unwrap(api().POST("/api/v1/ladders", { body: { ...scope, name, rungs: [...rungsOf(rungs)] } }));
          return undefined;
        },
      }}
      edit={{
        fields,
        save: (ladder, { name = "", rungs = "" }) => {
          const params = { ...pathOf(ladder), header: { "If-Match": `"v${ladder.version}"` } };
          return unwrap(api().PATCH("/api/v1/ladders/{ladderId}", { params, body: { name, rungs: [...rungsOf(rungs)] } }));
        },
      }}
      actions={[
        {
          label: t("deletePermanently"),
          doneMessage: (count) => t("deletedPermanently", { count }),
          run: (ladder) => unwrap(api().DELETE("/api/v1/ladders/{ladderId}", { params: pathOf(ladder) })),
        },
      ]}
    />
  );
}

/** What a ladder is, and the presets. */
function Hint() {
  const { t } = useTranslation();
  const { presets } = useLadders(schoolQuery(useSchoolScope()));
  const [, ...named] = ladderOptions({ presets, ladders: [] }, undefined, { ladder: null, ladderStart: null }, t);
  return (
    <>
      {t("ladders.hint")}
      {named.map(({ value, label }) => (
        <span key={value} className="ladder-preset">
          {label}
        </span>
      ))}
    </>
  );
}

function Rungs({ rungs }: { rungs: Ladder["rungs"] }) {
  const { t } = useTranslation();
  return (
    <ul className="rungs">
      {rungs.map(({ name, height, videoKbps, audioKbps }) => {
        const picture = height === null ? t("ladders.soundOnly") : t("ladders.sizeAndRate", { height, kbps: videoKbps });
        const facts = [picture, ...(audioKbps === null ? [] : [t("ladders.sound", { kbps: audioKbps })])];
        return (
          <li key={name}>
            <strong>{name}</strong> <span className="text-muted">{facts.join(" · ")}</span>
          </li>
        );
      })}
    </ul>
  );
}
