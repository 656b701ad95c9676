/** Shows one form of the daily check-in: a question for each field, and whether the student has checked in today. */
import type { CheckInForm as Form } from "@lectern/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { api, unwrap } from "../session/api.ts";
import { errorMessage } from "../session/error-message.ts";
import { useTranslation } from "../texts/use-translation.ts";
import { answersOf, type CheckInField, type Inputs, inputsOf, unansweredIn } from "./answers.ts";

type Mine = Awaited<ReturnType<typeof loadMine>>;

function loadMine({ id: formId }: Form) {
  return unwrap(api().GET("/api/v1/check-in-forms/{formId}/mine", { params: { path: { formId } } }));
}

export function CheckInForm({ form }: { readonly form: Form }) {
  const { t } = useTranslation();
  const mine = useQuery({ queryKey: ["mine", form.id], queryFn: () => loadMine(form) });
  const title = useId();
  return (
    <section className="check-in-form" aria-labelledby={title}>
      <h2 id={title}>{form.name}</h2>
      {mine.error ? (
        <p className="error" role="alert">
          {errorMessage(mine.error, t("offline"))}
        </p>
      ) : null}
      {/* Another day begins with an empty form. */}
      {mine.data ? <Questions key={mine.data.day} form={form} mine={mine.data} /> : null}
    </section>
  );
}

function Questions({ form, mine: { day, checkIn } }: { readonly form: Form; readonly mine: Mine }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const [inputs, setInputs] = useState<Inputs>(() => inputsOf(checkIn?.answers ?? {}));
  const [missing, setMissing] = useState<readonly string[]>([]);
  const save = useMutation({
    mutationFn: () =>
      unwrap(
        api().PUT("/api/v1/check-in-forms/{formId}/mine", {
          params: { path: { formId: form.id } },
          body: { answers: answersOf(form.fields, inputs) },
        }),
      ),
    onSuccess: (saved) => client.setQueryData<Mine>(["mine", form.id], { day: saved.day, checkIn: saved }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const unanswered = unansweredIn(form.fields, inputs);
    setMissing(unanswered);
    if (unanswered.length === 0) return save.mutate();
    document.querySelector<HTMLElement>(`[data-field="${form.id} ${unanswered[0]}"] input`)?.focus();
  };
  const time = checkIn && new Date(checkIn.at).toLocaleTimeString(i18n.language, { hour: "2-digit", minute: "2-digit" });
  return (
    <form className="form" noValidate onSubmit={submit}>
      <p role="status">{time === null ? t("notYet", { day }) : `✓ ${t("done", { time })}`}</p>
      {form.fields.map((field) => (
        <div key={field.key} data-field={`${form.id} ${field.key}`}>
          <Question
            field={field}
            value={inputs[field.key] ?? ""}
            isMissing={missing.includes(field.key)}
            onChange={(value) => setInputs({ ...inputs, [field.key]: value })}
          />
        </div>
      ))}
      {save.error ? (
        <p className="error" role="alert">
          {errorMessage(save.error, t("offline"))}
        </p>
      ) : null}
      <button type="submit" className="button primary" disabled={save.isPending}>
        {t(checkIn ? "change" : "checkIn")}
      </button>
    </form>
  );
}

type QuestionProps = {
  readonly field: CheckInField;
  readonly value: string;
  readonly isMissing: boolean;
  readonly onChange: (value: string) => void;
};

function Question(props: QuestionProps) {
  const { t } = useTranslation();
  const { field, isMissing } = props;
  const error = useId();
  const described = isMissing ? { "aria-invalid": true, "aria-describedby": error } : {};
  const label = field.required ? field.label : `${field.label} (${t("optional")})`;
  return (
    <>
      {field.type === "choice" || field.type === "yes-no" ? (
        <Choices {...props} label={label} described={described} />
      ) : (
        <TextQuestion {...props} label={label} described={described} />
      )}
      {isMissing ? (
        <p id={error} className="error">
          {t("unanswered")}
        </p>
      ) : null}
    </>
  );
}

type InputProps = QuestionProps & { readonly label: string; readonly described: object };

function Choices({ field, value, onChange, label, described }: InputProps) {
  const { t } = useTranslation();
  const name = useId();
  const options =
    field.type === "yes-no"
      ? [
          { value: "true", text: t("yes") },
          { value: "false", text: t("no") },
        ]
      : field.options.map((option) => ({ value: option, text: option }));
  return (
    <fieldset>
      <legend>{label}</legend>
      {options.map((option) => (
        <label key={option.value} className="check-in-choice">
          <input type="radio" name={name} {...described} checked={value === option.value} onChange={() => onChange(option.value)} />
          {option.text}
        </label>
      ))}
    </fieldset>
  );
}

function TextQuestion({ field, value, onChange, label, described }: InputProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        {...described}
        {...(field.type === "number" ? { inputMode: "decimal" as const } : {})}
        maxLength={field.type === "number" ? 20 : 500}
        required={field.required}
        autoComplete="off"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
