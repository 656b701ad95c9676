/** Shows the comments that a marker uses again: a press, or Alt and a digit, puts one into the comment; what is written can be kept. */
import { Button } from "@lectern/ui";
import { CLOSE_ICON } from "@lectern/ui/icons";
import { errorMessage } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { MAX_READY, type ReadyCommentList } from "./use-ready-comments.ts";

const MAX_LETTERS = 500;

type ReadyCommentsProps = {
  readonly ready: ReadyCommentList;
  /** What is written now. */
  readonly comment: string;
  readonly onChoose: (comment: string) => void;
};

export function ReadyComments({ ready, comment, onChoose }: ReadyCommentsProps) {
  const { t } = useTranslation();
  const { comments, change, error } = ready;
  const canKeep = comment !== "" && comment.length <= MAX_LETTERS && !comments.includes(comment) && comments.length < MAX_READY;
  return (
    <div className="ready-comments">
      {comments.length > 0 ? (
        <ul aria-label={t("exams.readyComments")}>
          {comments.map((one, at) => (
            <li key={one}>
              <Button onClick={() => onChoose(one)}>
                {at < 9 ? <kbd>{`Alt ${at + 1}`}</kbd> : null}
                <span dir="auto">{one}</span>
              </Button>
              <Button
                kind="quiet"
                icon={CLOSE_ICON}
                aria-label={t("exams.forgetComment", { comment: one })}
                onClick={() => void change(comments.filter((other) => other !== one))}
              />
            </li>
          ))}
        </ul>
      ) : null}
      {canKeep ? (
        <Button kind="quiet" onClick={() => void change([...comments, comment])}>
          {t("exams.keepComment")}
        </Button>
      ) : null}
      {error ? (
        <p className="error-box" role="alert">
          {errorMessage(error, t("offline"))}
        </p>
      ) : null}
    </div>
  );
}
