/** The waiting room: a guest stays here until the teacher lets them in. The page asks again by itself (`use-joining.ts`). */
import type { Joined } from "@lectern/client";
import { useTranslation } from "react-i18next";
import { LanguageButton } from "../components/language-button.tsx";
import { LessonStart, LessonTitle } from "./lesson-header.tsx";
import { type Failure, isOut } from "./parts/failure.ts";
import type { Invitation } from "./use-invitation.ts";

type WaitingRoomProps = { readonly invitation: Invitation; readonly joined: Joined; readonly failure: Failure | null };

export function WaitingRoom({ invitation, joined, failure }: WaitingRoomProps) {
  const { t } = useTranslation();
  const isRefused = failure !== null && isOut(failure);
  return (
    <main className="card">
      <header>
        <LessonTitle invitation={invitation} />
      </header>
      <LessonStart invitation={invitation} />
      <p role="status">{isRefused ? failure.message : t("waiting")}</p>
      <p className="text-muted">{t("joinedAs", { name: joined.name })}</p>
      <LanguageButton />
    </main>
  );
}
