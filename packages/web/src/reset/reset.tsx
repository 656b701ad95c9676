/** `/reset/TOKEN`: a new password by a link that was printed or mailed. */
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { initTranslations } from "../i18n.ts";
import { mountPage } from "../mount-page.tsx";
import { ApiError, api, unwrap } from "../session/api.ts";
import "../class/class.css";

initTranslations({
  en: {
    title: "Choose your password",
    password: "New password",
    hint: "At least 8 characters. A few words in a row are easy to keep in mind.",
    save: "Save",
    done: "Your password is set. You can sign in with it now.",
    offline: "The server cannot be reached. Try again in a moment.",
    wrong: "This link was used, is too old, or is not complete. Ask your school for a new one.",
  },
  "zh-CN": {
    title: "设置密码",
    password: "新密码",
    hint: "至少 8 个字符。几个连在一起的词最容易记住。",
    save: "保存",
    done: "密码已设置，现在可以登录。",
    offline: "无法连接服务器，请稍后再试。",
    wrong: "链接已用过、已过期或不完整，请向学校索取新的链接。",
  },
});

const token = decodeURIComponent(location.pathname.split("/")[2] ?? "");

function Page() {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  const [state, setState] = useState<"asking" | "busy" | "done">("asking");
  const [trouble, setTrouble] = useState("");
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setState("busy");
    try {
      await unwrap(api(null).POST("/api/v1/password-resets/{token}", { params: { path: { token } }, body: { password } }));
      setState("done");
    } catch (error) {
      setState("asking");
      if (!(error instanceof ApiError)) setTrouble(t("offline"));
      else setTrouble(error.problem.code === "link-expired" ? t("wrong") : error.problem.detail);
    }
  };
  if (state === "done") {
    return (
      <main className="card">
        <h1>{t("title")}</h1>
        <p role="status">{t("done")}</p>
      </main>
    );
  }
  return (
    <main className="card">
      <h1>{t("title")}</h1>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <div className="field">
          <label htmlFor="password">{t("password")}</label>
          <input
            id="password"
            type="password"
            minLength={8}
            required
            autoComplete="new-password"
            aria-describedby="hint"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          <small id="hint" className="text-muted">
            {t("hint")}
          </small>
        </div>
        {trouble ? (
          <p className="error" role="alert">
            {trouble}
          </p>
        ) : null}
        <button type="submit" className="button primary" disabled={state === "busy"}>
          {t("save")}
        </button>
      </form>
    </main>
  );
}

mountPage(<Page />);
