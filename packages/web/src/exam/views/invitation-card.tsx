/** Shows what the examination is, what is noted in it, and the way in: signing in, or a guest's name, and the access code. */
import type { FactKind } from "@lectern/exam";
import { TextField } from "@lectern/ui";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { useSecondsUntil } from "../../schedule/use-now.ts";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { isSignedIn } from "../../session/signed-in.ts";
import { SignIn } from "../../sign-in/sign-in.tsx";
import { useTranslation } from "../../texts/use-translation.ts";
import type { Entering } from "../attempt/exam-calls.ts";
import type { Invitation } from "../attempt/exam-types.ts";
import { RichText } from "../paper/rich-text.tsx";
import { isSupervised } from "../supervision/is-supervised.ts";
import { Terms } from "../supervision/terms.tsx";
import { ExamCard } from "./exam-card.tsx";
import { useDuration, useWhen } from "./use-when.ts";

const MAX_NAME = 100;

type InvitationCardProps = { readonly invitation: Invitation; readonly enter: (entering: Entering) => Promise<void> };

export function InvitationCard({ invitation, enter }: InvitationCardProps) {
  const { t } = useTranslation();
  const [isSigningIn, setIsSigningIn] = useState(false);
  const [signedIn, setSignedIn] = useState(isSignedIn);
  const { title, schoolName, instruction, entryAt, opensAt, closesAt, latestEntryAt, guests, facts } = invitation;
  const entryIn = useSecondsUntil(entryAt) ?? 0;
  const closesIn = useSecondsUntil(Math.min(closesAt, latestEntryAt ?? closesAt)) ?? 0;
  const when = useWhen();
  const duration = useDuration();
  if (isSigningIn)
    return (
      <SignIn
        onDone={() => {
          setSignedIn(true);
          setIsSigningIn(false);
        }}
      />
    );
  return (
    <ExamCard title={title}>
      <p className="text-muted">{schoolName}</p>
      <dl className="exam-facts">
        <div>
          <dt>{t("exam.begins")}</dt>
          <dd>{when(opensAt)}</dd>
        </div>
        <div>
          <dt>{t("exam.ends")}</dt>
          <dd>{when(closesAt)}</dd>
        </div>
        <div>
          <dt>{t("exam.length")}</dt>
          <dd>
            {duration(invitation.seconds)} · {t("exam.questionCount", { count: invitation.questions })}
          </dd>
        </div>
        {latestEntryAt === null ? null : (
          <div>
            <dt>{t("exam.latestEntry")}</dt>
            <dd>{when(latestEntryAt)}</dd>
          </div>
        )}
      </dl>
      {instruction ? (
        <p>
          <RichText text={instruction} />
        </p>
      ) : null}
      <Noted facts={facts} />
      {invitation.supervision && isSupervised(invitation.supervision) ? <Terms terms={invitation.supervision} /> : null}
      {closesIn === 0 ? (
        <p role="status">{t("exam.closed")}</p>
      ) : entryIn > 0 ? (
        <p role="status">{t("exam.entryOpens", { time: when(entryAt) })}</p>
      ) : signedIn || guests ? (
        <EnterForm invitation={invitation} isGuest={!signedIn} enter={enter} />
      ) : null}
      {!signedIn && closesIn > 0 ? (
        <button type="button" className={guests ? "button quiet" : "button primary"} onClick={() => setIsSigningIn(true)}>
          {t(guests ? "exam.signInInstead" : "signIn")}
        </button>
      ) : null}
    </ExamCard>
  );
}

/** Said before the candidate enters. */
function Noted({ facts }: { readonly facts: readonly FactKind[] }) {
  const { t } = useTranslation();
  // Coming back is the other half of leaving.
  const said = facts.filter((fact) => fact !== "page-back" && fact !== "network-back");
  if (said.length === 0) return null;
  return (
    <section className="exam-noted" aria-labelledby="exam-noted">
      <h2 id="exam-noted">{t("exam.notedTitle")}</h2>
      <ul>
        {said.map((fact) => (
          <li key={fact}>{t(`exam.noted.${fact}`)}</li>
        ))}
      </ul>
      <p className="text-muted">{t("exam.notedWhy")}</p>
    </section>
  );
}

type EnterFormProps = InvitationCardProps & { readonly isGuest: boolean };

function EnterForm({ invitation, isGuest, enter }: EnterFormProps) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [accessCode, setAccessCode] = useState("");
  const [consents, setConsents] = useState(false);
  const [agrees, setAgrees] = useState(false);
  const isFilmed = invitation.supervision !== undefined && isSupervised(invitation.supervision);
  const asksConsent = isGuest && invitation.guestConsent !== "";
  const [error, setError] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const me = useQuery({ queryKey: ["me"], queryFn: () => unwrap(api().GET("/api/v1/me")), enabled: !isGuest });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setIsBusy(true);
    setError("");
    try {
      await enter({
        ...(isGuest ? { name: name.trim() } : {}),
        ...(asksConsent ? { consent: consents } : {}),
        ...(isFilmed ? { supervisionConsent: agrees } : {}),
        ...(invitation.needsAccessCode ? { accessCode } : {}),
      });
    } catch (failure) {
      setError(errorMessage(failure, t("offline")));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <form className="form" onSubmit={(event) => void submit(event)}>
      {isGuest ? (
        <TextField
          label={t("exam.name")}
          required
          maxLength={MAX_NAME}
          autoComplete="name"
          dir="auto"
          value={name}
          onChange={setName}
        />
      ) : me.data?.name ? (
        <p>{t("exam.enterAs", { name: me.data.name })}</p>
      ) : null}
      {invitation.needsAccessCode ? (
        <TextField
          label={t("exam.accessCode")}
          hint={t("exam.accessCodeHint")}
          required
          maxLength={100}
          autoComplete="off"
          autoCapitalize="none"
          value={accessCode}
          onChange={setAccessCode}
        />
      ) : null}
      {asksConsent ? (
        <Consent label={t("exam.consent")} isGiven={consents} onChange={setConsents}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the keys that scroll */}
          <p className="exam-terms" tabIndex={0} dir="auto">
            {invitation.guestConsent}
          </p>
        </Consent>
      ) : null}
      {isFilmed ? <Consent label={t("exam.filmed.consent")} isGiven={agrees} onChange={setAgrees} /> : null}
      {error ? (
        <p role="alert" className="error">
          {error}
        </p>
      ) : null}
      <button type="submit" className="button primary" disabled={isBusy}>
        {t(isBusy ? "exam.entering" : "exam.enter")}
      </button>
    </form>
  );
}

type ConsentProps = {
  readonly label: string;
  readonly isGiven: boolean;
  readonly onChange: (isGiven: boolean) => void;
  /** What is agreed to, where it is not said above. */
  readonly children?: ReactNode;
};

function Consent({ label, isGiven, onChange, children }: ConsentProps) {
  return (
    <div className="exam-consent">
      {children}
      <label>
        <input type="checkbox" required checked={isGiven} onChange={(event) => onChange(event.target.checked)} />
        {label}
      </label>
    </div>
  );
}
