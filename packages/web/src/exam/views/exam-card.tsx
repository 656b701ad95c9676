/** Shows the frame of what is not the paper itself: the school's mark, the title, and what is to be done. */
import type { ReactNode } from "react";
import { Wordmark } from "../../brand/wordmark.tsx";
import { LanguageButton } from "../../components/language-button.tsx";

export function ExamCard({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <main className="card exam-card">
      <header className="sign-in-head">
        <Wordmark />
        <LanguageButton />
      </header>
      <h1 dir="auto">{title}</h1>
      {children}
    </main>
  );
}
