/** Shows operators what the server does without, why and since when, and lets them turn things off for everybody, a school or a lesson. */
import type { Degradations, Degradation as Switch } from "@lectern/client";
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import { type Translate, useTranslation } from "../../texts/use-translation.ts";
import type { Field, Values } from "../list/fields-form.tsx";
import type { Option } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import type { Column } from "../list/list-table.tsx";
import { useFormatTime, useTimeZone } from "../school/school-time.ts";
import { fromLocalInput } from "../school/zoned-time.ts";
import { ProtectionPage } from "./protection-page.tsx";

const KEY = ["degradation"];
const REFETCH_MS = 3000;
const MAX_NAMED = 1000;

type Language = "en" | "zh";

export function Degradation() {
  const { t, i18n } = useTranslation();
  const zone = useTimeZone();
  const language: Language = i18n.language.startsWith("zh") ? "zh" : "en";
  const { data } = useQuery({ queryKey: [...KEY, "now"], queryFn: load, refetchInterval: REFETCH_MS });
  const places = usePlaces();
  const wordsOf = (what: string) => data?.sheddable.find((entry) => entry.what === what)?.words[language] ?? what;
  return (
    <ProtectionPage page="degradation">
      <ListPage
        title={t("degradation.title")}
        hint={t("degradation.hint")}
        queryKey={KEY}
        path="/degradation"
        load={async () => ({ items: (await load()).switches, nextCursor: null })}
        keyOf={({ id }) => id}
        nameOf={({ what }) => wordsOf(what)}
        columns={useColumns(wordsOf, placeOf(places, t))}
        overview={data ? <Nodes nodes={data.nodes} wordsOf={wordsOf} /> : null}
        addLabel={t("degradation.turnOff")}
        add={{
          fields: fieldsOf({ sheddable: data?.sheddable ?? [], language, zone, places, t }),
          submitLabel: t("degradation.turnOff"),
          save: async (values) => {
            await unwrap(api().POST("/api/v1/degradation", { body: bodyOf(values, zone) }));
            return undefined;
          },
        }}
        actions={[
          {
            label: t("degradation.turnOn"),
            doneMessage: (count) => t("degradation.turnedOn", { count }),
            run: ({ id }) =>
              unwrap(api().DELETE("/api/v1/degradation/{degradationId}", { params: { path: { degradationId: id } } })),
            undo: ({ what, schoolId, lessonId, reason, until }) =>
              unwrap(
                api().POST("/api/v1/degradation", {
                  body: { what, reason, until, ...(lessonId ? { lessonId } : schoolId ? { schoolId } : {}) },
                }),
              ),
          },
        ]}
        emptyText={t("degradation.empty")}
        refetchMs={REFETCH_MS}
      />
    </ProtectionPage>
  );
}

function load(): Promise<Degradations> {
  return unwrap(api().GET("/api/v1/degradation"));
}

/** What each node does without by itself. */
function Nodes({ nodes, wordsOf }: { readonly nodes: Degradations["nodes"]; readonly wordsOf: (what: string) => string }) {
  const { t, i18n } = useTranslation();
  const time = useFormatTime();
  const pressed = nodes.filter(({ what }) => what.length > 0);
  if (pressed.length === 0) return <p className="text-muted">{t("degradation.none")}</p>;
  return (
    <ul>
      {pressed.map(({ node, what, pressure, since }) => (
        <li key={node}>
          {t("degradation.pressed", {
            node,
            what: new Intl.ListFormat(i18n.language).format(what.map(wordsOf)),
            why: t(`degradation.pressures.${pressure ?? "loop-delay"}`),
            time: since === null ? "" : time(since),
          })}
        </li>
      ))}
    </ul>
  );
}

type Places = { readonly schools: readonly Option[]; readonly lessons: readonly Option[] };

/** Schools, and lessons that are live. */
function usePlaces(): Places {
  const { data } = useQuery({
    queryKey: [...KEY, "places"],
    queryFn: async () => {
      const limit = MAX_NAMED;
      const schools = await unwrap(api().GET("/api/v1/schools", { params: { query: { limit } } }));
      const lessons = await unwrap(api().GET("/api/v1/lessons", { params: { query: { limit, state: "live" } } }));
      return {
        schools: schools.items.map(({ id, name }) => ({ value: id, label: name })),
        lessons: lessons.items.map(({ id, title }) => ({ value: id, label: title })),
      };
    },
  });
  return data ?? { schools: [], lessons: [] };
}

function placeOf({ schools, lessons }: Places, t: Translate): (of: Switch) => string {
  const named = (options: readonly Option[], id: string) => options.find(({ value }) => value === id)?.label ?? id;
  return ({ schoolId, lessonId }) => {
    if (lessonId !== null) return t("degradation.ofLesson", { name: named(lessons, lessonId) });
    return schoolId === null ? t("degradation.ofAll") : t("degradation.ofSchool", { name: named(schools, schoolId) });
  };
}

type Form = {
  readonly sheddable: Degradations["sheddable"];
  readonly language: Language;
  readonly zone: string;
  readonly places: Places;
  readonly t: Translate;
};

function fieldsOf({ sheddable, language, zone, places, t }: Form): readonly Field[] {
  const entryOf = ({ what }: Values) => sheddable.find((entry) => entry.what === what);
  const scopes = ["cluster", "school", "lesson"] as const;
  const scopesOf = (values: Values) => scopes.slice(0, scopes.indexOf(entryOf(values)?.finest ?? "lesson") + 1);
  return [
    {
      name: "what",
      label: t("degradation.what"),
      hint: (values) => entryOf(values)?.effect[language],
      required: true,
      value: sheddable[0]?.what ?? "",
      options: sheddable.map(({ what, words }) => ({ value: what, label: words[language] })),
    },
    {
      name: "scope",
      label: t("degradation.for"),
      required: true,
      value: "cluster",
      options: (values) => scopesOf(values).map((value) => ({ value, label: t(`degradation.scopes.${value}`) })),
    },
    {
      name: "schoolId",
      label: t("school"),
      required: true,
      options: places.schools,
      searchable: true,
      isShown: ({ scope }) => scope === "school",
    },
    {
      name: "lessonId",
      label: t("degradation.lesson"),
      hint: t("degradation.lessonHint"),
      required: true,
      options: places.lessons,
      searchable: true,
      isShown: ({ scope }) => scope === "lesson",
    },
    { name: "reason", label: t("degradation.reason"), hint: t("degradation.reasonHint"), required: true },
    {
      name: "until",
      label: t("inTimeZone", { label: t("fields.until"), zone }),
      hint: t("degradation.untilHint"),
      type: "datetime-local",
    },
  ];
}

function bodyOf({ what, scope, schoolId = "", lessonId = "", reason = "", until }: Values, zone: string) {
  const place = scope === "school" ? { schoolId } : scope === "lesson" ? { lessonId } : {};
  return { what: what as Switch["what"], reason: reason.trim(), until: fromLocalInput(until, zone), ...place };
}

function useColumns(wordsOf: (what: string) => string, place: (of: Switch) => string): readonly Column<Switch>[] {
  const { t } = useTranslation();
  const time = useFormatTime();
  return [
    { label: t("degradation.what"), show: ({ what }) => <strong className="wraps">{wordsOf(what)}</strong> },
    { label: t("degradation.for"), show: (one) => <span className="wraps">{place(one)}</span> },
    { label: t("degradation.reason"), show: ({ reason }) => <span className="protection-wide">{reason}</span> },
    { label: t("degradation.by"), show: ({ createdBy }) => createdBy },
    { label: t("fields.since"), show: ({ createdAt }) => time(createdAt) },
    { label: t("fields.until"), show: ({ until }) => (until === null ? t("degradation.always") : time(until)) },
  ];
}
