/** Starts a quiz with a question of the school's bank: a search, and one press. */

import type { Body } from "@lectern/room";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";

const MAX_SHOWN = 20;

export function QuestionBank({ onStart }: { onStart: (quiz: Body) => Promise<boolean> }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="question-bank" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("room.bank")}</summary>
      {isOpen ? <BankList onStart={onStart} /> : null}
    </details>
  );
}

function BankList({ onStart }: { onStart: (quiz: Body) => Promise<boolean> }) {
  const { t } = useTranslation();
  const id = useId();
  const [text, setText] = useState("");
  const search = text.trim();
  const bank = useQuery({
    queryKey: ["quiz-bank", search],
    queryFn: () => {
      const query = { limit: MAX_SHOWN, ...(search === "" ? {} : { search }) };
      return unwrap(api().GET("/api/v1/quiz-bank", { params: { query } }));
    },
    placeholderData: (before) => before,
  });
  const items = bank.data?.items ?? [];
  return (
    <>
      <div className="stacked">
        <label htmlFor={id}>{t("room.searchBank")}</label>
        <input id={id} type="search" value={text} onChange={(event) => setText(event.target.value)} />
      </div>
      {bank.data && items.length === 0 ? (
        <p className="text-muted">{t(search === "" ? "room.noBank" : "room.noBankMatch")}</p>
      ) : null}
      <ul className="roster">
        {items.map((item) => (
          <li key={item.id}>
            <span className="grow line-text">{item.text}</span>
            <button
              type="button"
              className="button small"
              aria-label={`${t("room.startQuiz")}: ${item.text}`}
              onClick={() => void onStart({ action: "open", bank: item.id })}
            >
              {t("room.startQuiz")}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
