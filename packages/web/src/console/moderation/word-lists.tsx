/** Shows the word lists of a school, by which the texts in its lessons are checked. */
import type { WordList } from "@lectern/client";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { useEnabling } from "../list/enabling.ts";
import type { Field, Values } from "../list/fields-form.tsx";
import { ListPage } from "../list/list-page.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { ModerationPage } from "./moderation-page.tsx";
import { NOT_LOADED, WordsInput } from "./words-input.tsx";

const ACTIONS = ["mask", "hold", "refuse"] as const;

export function WordLists() {
  const { t } = useTranslation();
  const scope = schoolQuery(useSchoolScope());
  const fields = useFields();
  const enabling = useEnabling((list: WordList, enabled) =>
    unwrap(api().PATCH("/api/v1/word-lists/{wordListId}", { params: pathOf(list), body: { enabled } })),
  );
  return (
    <ModerationPage page="lists">
      <ListPage
        title={t("moderation.pages.lists")}
        hint={t("moderation.hint")}
        queryKey={["word lists", scope]}
        path="/word-lists"
        query={scope}
        load={(cursor) => unwrap(api().GET("/api/v1/word-lists", { params: { query: { ...scope, ...nonEmpty({ cursor }) } } }))}
        keyOf={(list) => list.id}
        nameOf={(list) => list.name}
        columns={[
          { label: t("fields.name"), show: (list) => <strong className="wraps">{list.name}</strong> },
          { label: t("moderation.action"), show: (list) => t(`moderation.actions.${list.action}`) },
          { label: t("moderation.words"), show: (list) => t("moderation.wordCount", { count: list.wordCount }) },
          { label: t("fields.state"), show: (list) => t(list.enabled ? "isEnabled" : "isDisabled") },
        ]}
        add={{
          fields: fields(null),
          save: async (values) => {
            const { wordCount } = await unwrap(api().POST("/api/v1/word-lists", { body: { ...scope, ...settingsOf(values) } }));
            return t("moderation.saved", { count: wordCount });
          },
        }}
        edit={{
          fields,
          save: (list, values) => {
            const params = { ...pathOf(list), header: { "If-Match": `"v${list.version}"` } };
            return unwrap(api().PATCH("/api/v1/word-lists/{wordListId}", { params, body: settingsOf(values) }));
          },
          // The words before are not loaded.
          canUndo: () => false,
        }}
        actions={[
          ...enabling,
          {
            label: t("deletePermanently"),
            doneMessage: (count) => t("deletedPermanently", { count }),
            run: (list) => unwrap(api().DELETE("/api/v1/word-lists/{wordListId}", { params: pathOf(list) })),
          },
        ]}
        emptyText={t("moderation.empty")}
      />
    </ModerationPage>
  );
}

function pathOf({ id }: WordList) {
  return { path: { wordListId: id } };
}

/** The fields of the form; of an empty one for null. */
function useFields(): (list: WordList | null) => readonly Field[] {
  const { t } = useTranslation();
  const yesNo = (["yes", "no"] as const).map((value) => ({ value, label: t(`moderation.skipping.${value}`) }));
  return (list) => [
    { name: "name", label: t("fields.name"), required: true, value: list?.name ?? "" },
    {
      name: "action",
      label: t("moderation.action"),
      hint: t("moderation.actionHint"),
      required: true,
      value: list?.action ?? "mask",
      options: ACTIONS.map((value) => ({ value, label: t(`moderation.actions.${value}`) })),
    },
    {
      name: "skipsSigns",
      label: t("moderation.skipsSigns"),
      hint: t("moderation.skipsSignsHint"),
      required: true,
      value: list?.skipsSigns === false ? "no" : "yes",
      options: yesNo,
    },
    list
      ? {
          name: "words",
          label: t("moderation.words"),
          value: NOT_LOADED,
          input: (value, onChange) => <WordsInput key="words" listId={list.id} value={value} onChange={onChange} />,
        }
      : { name: "words", label: t("moderation.words"), hint: t("moderation.wordsHint"), type: "lines" },
  ];
}

function settingsOf({ name = "", action, skipsSigns, words = "" }: Values) {
  return {
    name,
    action: ACTIONS.find((one) => one === action) ?? "mask",
    skipsSigns: skipsSigns !== "no",
    ...(words === NOT_LOADED ? {} : { words }),
  };
}
