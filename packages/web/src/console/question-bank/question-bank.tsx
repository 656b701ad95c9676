/** Shows the school's question bank: questions that teachers open as quizzes in their lessons. */
import "./question-bank.css";
import type { QuizBankItem } from "@lectern/client";
import { Checkbox, TagsInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import { InputError } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import type { BulkAction } from "../list/bulk-actions.tsx";
import type { Field, Values } from "../list/fields-form.tsx";
import { type Option, SearchFilter, SelectFilter, TextFilter, type UrlFilter, useUrlFilter } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import type { Column } from "../list/list-table.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { isOfAllSchools, schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { Answers } from "./answers.tsx";
import { BankTransfer } from "./bank-transfer.tsx";
import { QuestionInput } from "./question-input.tsx";
import {
  enteredTags,
  isYes,
  itemBody,
  questionError,
  questionText,
  readTags,
  shortText,
  tagsText,
  yesText,
} from "./question-values.ts";

const LIST_KEY = "quiz-bank";
const PATH = "/api/v1/quiz-bank/{itemId}";
const MAX_TAGS = 20;
const MAX_TAG_LETTERS = 40;

type Course = Option & { readonly schoolId: string };

/** @param canChange false: the person only reads it */
export function QuestionBank({ canChange = true }: { readonly canChange?: boolean }) {
  const { t } = useTranslation();
  const scope = schoolQuery(useSchoolScope());
  const [search, course, tag] = [useUrlFilter("search"), useUrlFilter("course"), useUrlFilter("tag")];
  const filters = nonEmpty({ search: search[0].trim(), courseId: course[0], tag: tag[0].trim() });
  const query = { ...scope, ...filters };
  const courses = useCourses();
  const change = useChange(courses);
  const actions = useActions();
  const shown = courses.find(({ value }) => value === course[0]) ?? null;
  return (
    <ListPage
      title={t("nav.question-bank")}
      hint={t("questionBank.hint")}
      queryKey={[LIST_KEY, query]}
      path="/quiz-bank"
      query={query}
      load={(cursor) => unwrap(api().GET("/api/v1/quiz-bank", { params: { query: { ...query, ...nonEmpty({ cursor }) } } }))}
      keyOf={(item) => item.id}
      nameOf={shortText}
      filters={
        <>
          <SearchFilter filter={search} />
          <SelectFilter label={t("fields.course")} options={courses} filter={course} />
          <TextFilter label={t("questionBank.tag")} maxLength={MAX_TAG_LETTERS} filter={tag} />
        </>
      }
      overview={<BankTransfer course={shown} canImport={canChange} listKey={LIST_KEY} />}
      columns={useColumns(courses, tag)}
      {...(canChange ? { ...change, actions } : {})}
      emptyText={t("questionBank.empty")}
      noMatchText={t("questionBank.noMatch")}
    />
  );
}

function useCourses(): readonly Course[] {
  const scope = schoolQuery(useSchoolScope());
  const courses = useQuery({
    queryKey: ["courses", "all", scope],
    queryFn: () => unwrap(api().GET("/api/v1/courses", { params: { query: { ...scope, limit: 1000 } } })),
  });
  return (courses.data?.items ?? []).map(({ id, name, schoolId }) => ({ value: id, label: name, schoolId }));
}

function useColumns(courses: readonly Course[], [, setTag]: UrlFilter): readonly Column<QuizBankItem>[] {
  const { t } = useTranslation();
  return [
    { label: t("questionBank.text"), show: ({ text }) => <strong className="wraps bank-text">{text}</strong> },
    { label: t("questionBank.type"), show: ({ type }) => t(`questionBank.types.${type}`) },
    { label: t("questionBank.answers"), show: (item) => <Answers item={item} /> },
    {
      label: t("fields.course"),
      show: ({ courseId }) =>
        courseId === null ? (
          <span className="text-muted">{t("questionBank.allCourses")}</span>
        ) : (
          <span className="wraps">{courses.find(({ value }) => value === courseId)?.label}</span>
        ),
    },
    {
      label: t("questionBank.tags"),
      show: ({ tags }) =>
        tags.length === 0 ? null : (
          <ul className="bank-tags">
            {[...new Set(tags)].map((tag) => (
              <li key={tag}>
                <button type="button" aria-label={t("questionBank.onlyTag", { tag })} onClick={() => setTag(tag)}>
                  <span>{tag}</span>
                </button>
              </li>
            ))}
          </ul>
        ),
    },
  ];
}

/** How questions are added and edited. */
function useChange(courses: readonly Course[]) {
  const { t } = useTranslation();
  const place = useSchoolScope();
  const scope = schoolQuery(place);
  const fields = useFields(courses);
  const bodyOf = (values: Values) => {
    const mistake = questionError(values);
    if (mistake) throw new InputError(t(`questionBank.${mistake}`));
    return itemBody(values);
  };
  return {
    add: {
      fields: fields(null),
      save: async (values: Values): Promise<undefined> => {
        if (isOfAllSchools(place)) throw new InputError(t("selectSchool"));
        await unwrap(api().POST("/api/v1/quiz-bank", { body: { ...scope, ...bodyOf(values) } }));
      },
    },
    edit: {
      fields,
      save: async (item: QuizBankItem, values: Values) => {
        const params = { ...pathOf(item), header: { "If-Match": `"v${item.version}"` } };
        return await unwrap(api().PATCH(PATH, { params, body: bodyOf(values) }));
      },
    },
  };
}

/** The fields of the form; of an empty one for null. */
function useFields(courses: readonly Course[]): (item: QuizBankItem | null) => readonly Field[] {
  const { t } = useTranslation();
  return (item) => [
    {
      name: "question",
      label: t("questionBank.text"),
      value: questionText(item),
      input: (value, onChange) => <QuestionInput key="question" value={value} onChange={onChange} />,
    },
    {
      name: "explanation",
      label: t("questionBank.explanation"),
      hint: t("questionBank.explanationHint"),
      type: "lines",
      value: item?.explanation ?? "",
    },
    {
      name: "seconds",
      label: t("questionBank.seconds"),
      hint: t("questionBank.secondsHint"),
      type: "number",
      value: item?.seconds ? String(item.seconds) : "",
    },
    {
      name: "course",
      label: t("fields.course"),
      hint: t("questionBank.courseHint"),
      value: item?.courseId ?? "",
      options: courses.filter(({ schoolId }) => item === null || schoolId === item.schoolId),
      searchable: true,
    },
    {
      name: "tags",
      label: t("questionBank.tags"),
      value: tagsText(item?.tags ?? []),
      input: (value, onChange) => <TagsField key="tags" value={value} onChange={onChange} />,
    },
    {
      name: "anonymous",
      label: t("questionBank.anonymous"),
      value: yesText(item?.anonymous ?? false),
      input: (value, onChange) => (
        <Checkbox
          key="anonymous"
          label={t("questionBank.anonymous")}
          description={t("questionBank.anonymousHint")}
          checked={isYes(value)}
          onChange={(event) => onChange(yesText(event.target.checked))}
        />
      ),
    },
  ];
}

type TagsFieldProps = { readonly value: string; readonly onChange: (value: string) => void };

function TagsField({ value, onChange }: TagsFieldProps) {
  const { t } = useTranslation();
  const tags = readTags(value);
  return (
    <TagsInput
      label={t("questionBank.tags")}
      description={t("questionBank.tagsHint")}
      maxTags={MAX_TAGS}
      maxLength={MAX_TAG_LETTERS}
      value={tags}
      onChange={(entered) => onChange(tagsText(enteredTags(entered, tags)))}
    />
  );
}

function useActions(): readonly BulkAction<QuizBankItem>[] {
  const { t } = useTranslation();
  return [
    {
      label: t("deletePermanently"),
      doneMessage: (count) => t("deletedPermanently", { count }),
      run: (item) => unwrap(api().DELETE(PATH, { params: pathOf(item) })),
    },
  ];
}

function pathOf({ id }: QuizBankItem) {
  return { path: { itemId: id } };
}
