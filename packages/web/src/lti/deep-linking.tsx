/** Lets the teacher choose what a new link in the platform's course opens, and sends the answer back to the platform. */
import { type FormEvent, useEffect, useState } from "react";
import { formatDateTime } from "../language.ts";
import { api, unwrap } from "../session/api.ts";
import { errorMessage } from "../session/error-message.ts";
import { useTranslation } from "../texts/use-translation.ts";

type Item =
  | { readonly lessonId: string }
  | { readonly recordingId: string }
  | { readonly examinationId: string }
  | { readonly title: string };
type Choice = { readonly key: string; readonly title: string; readonly at: string | null; readonly item: Item };

/** The newest ones. */
const MAX_SHOWN = 100;

type DeepLinkingProps = { readonly ticket: string; readonly courseId: string; readonly course: string };

export function DeepLinking({ ticket, courseId, course }: DeepLinkingProps) {
  const { t } = useTranslation();
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const choose = async (item: Item): Promise<void> => {
    setBusy(true);
    try {
      sendAnswer(await unwrap(api().POST("/api/v1/lti/deep-links", { body: { ticket, item } })));
    } catch (failure) {
      setError(errorMessage(failure, t("lti.offline")));
      setBusy(false);
    }
  };
  const [choices, setChoices] = useState<Awaited<ReturnType<typeof loadChoices>> | null>(null);
  useEffect(() => {
    // Where they cannot be loaded, the teacher can still make a lesson.
    loadChoices(courseId).then(setChoices, () => setChoices({ lessons: [], recordings: [], examinations: [] }));
  }, [courseId]);
  return (
    <main className="card">
      <h1>{t("lti.choose")}</h1>
      <p>
        {course} · {t("lti.chooseHint")}
      </p>
      {error ? (
        <p className="error" role="alert">
          {error}
        </p>
      ) : null}
      <NewLesson busy={busy} onCreate={(title) => void choose({ title })} />
      <Choices title={t("lti.lessons")} choices={choices?.lessons ?? null} busy={busy} onChoose={(item) => void choose(item)} />
      <Choices
        title={t("lti.examinations")}
        choices={choices?.examinations ?? null}
        busy={busy}
        onChoose={(item) => void choose(item)}
      />
      <Choices
        title={t("lti.recordings")}
        choices={choices?.recordings ?? null}
        busy={busy}
        onChoose={(item) => void choose(item)}
      />
    </main>
  );
}

/** Posts the signed answer to the platform, as the person's browser (LTI Deep Linking 2.0, section 4.6). */
function sendAnswer({ returnUrl, jwt }: { readonly returnUrl: string; readonly jwt: string }): void {
  const form = document.createElement("form");
  form.method = "post";
  form.action = returnUrl;
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "JWT", value: jwt });
  form.append(field);
  document.body.append(form);
  form.submit();
}

type LoadedChoices = Readonly<Record<"lessons" | "recordings" | "examinations", readonly Choice[]>>;

async function loadChoices(courseId: string): Promise<LoadedChoices> {
  const lessonQuery = { courseId, limit: MAX_SHOWN, sort: "-createdAt" as const };
  const recordingQuery = { limit: MAX_SHOWN, sort: "-startedAt" as const };
  const [lessons, recordings, examinations] = await Promise.all([
    unwrap(api().GET("/api/v1/lessons", { params: { query: lessonQuery } })),
    unwrap(api().GET("/api/v1/recordings", { params: { query: recordingQuery } })),
    unwrap(api().GET("/api/v1/exams", { params: { query: { courseId, limit: MAX_SHOWN } } })),
  ]);
  const ids = lessons.items.map(({ id }) => id);
  return {
    examinations: examinations.items.map(({ id, title, opensAt }) => ({
      key: id,
      title,
      at: opensAt,
      item: { examinationId: id },
    })),
    lessons: lessons.items.map(({ id, title, startsAt }) => ({ key: id, title, at: startsAt, item: { lessonId: id } })),
    recordings: recordings.items
      .filter(({ lessonId }) => lessonId !== null && ids.includes(lessonId))
      .map(({ id, title, startedAt }) => ({ key: id, title, at: startedAt, item: { recordingId: id } })),
  };
}

function NewLesson({ busy, onCreate }: { busy: boolean; onCreate: (title: string) => void }) {
  const { t } = useTranslation();
  const [title, setTitle] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onCreate(title.trim());
  };
  return (
    <form className="form" onSubmit={submit}>
      <h2>{t("lti.newLesson")}</h2>
      <div className="field">
        <label htmlFor="title">{t("lti.lessonTitle")}</label>
        <input id="title" value={title} onChange={(event) => setTitle(event.target.value)} required maxLength={200} />
      </div>
      <button type="submit" className="button primary" disabled={busy}>
        {t("lti.create")}
      </button>
    </form>
  );
}

type ChoicesProps = {
  readonly title: string;
  readonly choices: readonly Choice[] | null;
  readonly busy: boolean;
  readonly onChoose: (item: Item) => void;
};

function Choices({ title, choices, busy, onChoose }: ChoicesProps) {
  const { t, i18n } = useTranslation();
  return (
    <section>
      <h2>{title}</h2>
      {choices?.length === 0 ? <p className="text-muted">{t("lti.none")}</p> : null}
      {choices?.map((choice) => (
        <div key={choice.key} className="row">
          <span>
            {choice.title}
            {choice.at ? <small className="text-muted"> {formatDateTime(choice.at, i18n.language)}</small> : null}
          </span>
          <button
            type="button"
            className="button"
            disabled={busy}
            aria-label={`${t("lti.add")}: ${choice.title}`}
            onClick={() => onChoose(choice.item)}
          >
            {t("lti.add")}
          </button>
        </div>
      ))}
    </section>
  );
}
