/** Edits what is right for a question that candidates have answered already: its text and options stay. */
import type { Option, Question, Solution } from "@lectern/exam";
import { Button } from "@lectern/ui";
import { UP_ICON } from "@lectern/ui/icons";
import { Checkbox, Radio, Select, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "../../../texts/use-translation.ts";
import { lines } from "../papers/answer-part.tsx";

type SolutionFieldsProps = {
  readonly question: Question;
  readonly solution: Solution;
  readonly onChange: (solution: Solution) => void;
};

export function SolutionFields({ question, solution, onChange }: SolutionFieldsProps) {
  const { t } = useTranslation();
  if (solution.kind === "boolean") {
    const options = [
      { id: "true", text: t("paper.true") },
      { id: "false", text: t("paper.false") },
    ];
    return (
      <OneOf
        options={options}
        right={String(solution.right)}
        onChange={(right) => onChange({ ...solution, right: right === "true" })}
      />
    );
  }
  if (question.kind === "single" && solution.kind === "single")
    return <OneOf options={question.options} right={solution.right} onChange={(right) => onChange({ ...solution, right })} />;
  if (question.kind === "multiple" && solution.kind === "multiple")
    return (
      <Checkbox.Group label={t("exams.right")} value={[...solution.right]} onChange={(right) => onChange({ ...solution, right })}>
        <div className="paper-radios">
          {question.options.map(({ id, text }) => (
            <Checkbox key={id} value={id} label={text} />
          ))}
        </div>
      </Checkbox.Group>
    );
  if (question.kind === "matching" && solution.kind === "matching")
    return question.left.map(({ id, text }) => (
      <Select
        key={id}
        label={text}
        allowDeselect={false}
        data={question.right.map((option) => ({ value: option.id, label: option.text }))}
        value={solution.pairs[id] ?? null}
        onChange={(value) => value && onChange({ ...solution, pairs: { ...solution.pairs, [id]: value } })}
      />
    ));
  if (question.kind === "ordering" && solution.kind === "ordering")
    return <Order items={question.items} order={solution.order} onChange={(order) => onChange({ ...solution, order })} />;
  if (solution.kind === "text")
    return (
      <Accepted
        label={t("exams.accepted")}
        texts={solution.accepted.texts}
        onChange={(texts) => onChange({ ...solution, accepted: { ...solution.accepted, texts } })}
      />
    );
  if (solution.kind === "gaps") return <Gaps solution={solution} onChange={onChange} />;
  return null;
}

type OneOfProps = { readonly options: readonly Option[]; readonly right: string; readonly onChange: (right: string) => void };

function OneOf({ options, right, onChange }: OneOfProps) {
  const { t } = useTranslation();
  return (
    <Radio.Group label={t("exams.right")} value={right} onChange={onChange}>
      <div className="paper-radios">
        {options.map(({ id, text }) => (
          <Radio key={id} value={id} label={text} />
        ))}
      </div>
    </Radio.Group>
  );
}

type OrderProps = {
  readonly items: readonly Option[];
  readonly order: readonly string[];
  readonly onChange: (order: readonly string[]) => void;
};

function Order({ items, order, onChange }: OrderProps) {
  const { t } = useTranslation();
  const up = (at: number) =>
    onChange([...order.slice(0, at - 1), ...order.slice(at - 1, at + 1).toReversed(), ...order.slice(at + 1)]);
  return (
    <ol>
      {order.map((id, at) => (
        <li key={id}>
          {items.find((item) => item.id === id)?.text}{" "}
          <Button icon={UP_ICON} disabled={at === 0} onClick={() => up(at)}>
            {t("exams.itemUp", { number: at + 1 })}
          </Button>
        </li>
      ))}
    </ol>
  );
}

type AcceptedProps = {
  readonly label: string;
  readonly texts: readonly string[];
  readonly onChange: (texts: readonly string[]) => void;
};

function Accepted({ label, texts, onChange }: AcceptedProps) {
  const { t } = useTranslation();
  return (
    <Textarea
      label={label}
      description={t("exams.acceptedOfGapHint")}
      autosize
      minRows={2}
      autoComplete="off"
      dir="auto"
      value={texts.join("\n")}
      onChange={(event) => onChange(lines(event.target.value))}
    />
  );
}

type GapsSolution = Extract<Solution, { kind: "gaps" }>;

function Gaps({ solution, onChange }: { readonly solution: GapsSolution; readonly onChange: (solution: Solution) => void }) {
  const { t } = useTranslation();
  const set = (id: string, accepted: GapsSolution["accepted"][string]) =>
    onChange({ ...solution, accepted: { ...solution.accepted, [id]: accepted } });
  return Object.entries(solution.accepted).map(([id, accepted], at) => {
    const label = t("exams.acceptedOfGap", { number: at + 1 });
    if ("texts" in accepted)
      return <Accepted key={id} label={label} texts={accepted.texts} onChange={(texts) => set(id, { ...accepted, texts })} />;
    return (
      <div key={id} className="paper-question-fields">
        <TextInput
          type="number"
          step="any"
          label={label}
          defaultValue={accepted.value}
          onChange={(event) => set(id, { ...accepted, value: event.target.valueAsNumber })}
        />
        <TextInput
          type="number"
          step="any"
          min={0}
          label={t("exams.tolerance")}
          defaultValue={accepted.tolerance}
          onChange={(event) => set(id, { ...accepted, tolerance: event.target.valueAsNumber })}
        />
      </div>
    );
  });
}
