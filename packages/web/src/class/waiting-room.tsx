/** Shows the waiting room: a guest stays here until the teacher lets them in. The page asks again by itself (`use-joining.ts`). */
import type { Joined } from "@lectern/client";
import { LanguageButton } from "../components/language-button.tsx";
import { useTranslation } from "../texts/use-translation.ts";
import { LeaveLink } from "./leave-link.tsx";
import type { Invitation } from "./lesson-door.ts";
import { LessonStart, LessonTitle } from "./lesson-header.tsx";
import { type Failure, isOut } from "./parts/failure.ts";

type WaitingRoomProps = { readonly invitation: Invitation; readonly joined: Joined; readonly failure: Failure | null };

export function WaitingRoom({ invitation, joined, failure }: WaitingRoomProps) {
  const { t } = useTranslation();
  const isRefused = failure !== null && isOut(failure);
  // Who was turned away at the door was not in the lesson.
  const refusal = failure?.code === "removed-from-lesson" ? t("notLetIn") : failure?.message;
  return (
    <main className="card" tabIndex={-1}>
      <header>
        <LessonTitle invitation={invitation} />
      </header>
      <LessonStart invitation={invitation} />
      <p role="status">{isRefused ? refusal : t("waiting")}</p>
      <p className="text-muted">{t("joinedAs", { name: joined.name })}</p>
      <div className="row">
        <LeaveLink />
        <LanguageButton />
      </div>
    </main>
  );
}
