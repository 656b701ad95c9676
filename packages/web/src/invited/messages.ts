/** The texts of the list of invited people. Pages that show the list include them in their own. */

export const INVITED_MESSAGES = {
  en: {
    invited: "Invited people",
    invitedHint: {
      private:
        "This lesson is private. Only people who are invited here, its teacher and administrators can join with their account.",
      open: "All students of the school can join this lesson. Invite others here.",
      course: "Members of the course can join this lesson. Invite others here.",
    },
    invitedGuests: "Guests can also join with the lesson code.",
    invitedNobody: "Nobody is invited.",
    invitedSearch: "Search by name or username",
    invitedNoMatch: "No one else of the school matches.",
    invitedMoreMatches: "More people match. Type more of the name.",
    invitedMore: "Show more",
    inviteOne: "Invite",
    uninvite: "Remove",
    invitedDone: "{{name}} is invited.",
    uninvited: "{{name}} is no longer invited.",
    invitedAgain: "Undo",
  },
  "zh-CN": {
    invited: "受邀成员",
    invitedHint: {
      private: "这节课不公开，只有受邀成员、授课老师和管理员可以用账号进入。",
      open: "全校学生都可以进入这节课，其他人可在此邀请。",
      course: "所属课程的成员可以进入这节课，其他人可在此邀请。",
    },
    invitedGuests: "访客也可以凭课程码进入。",
    invitedNobody: "尚未邀请任何人。",
    invitedSearch: "按姓名或账号搜索",
    invitedNoMatch: "没有其他匹配的成员。",
    invitedMoreMatches: "匹配的人较多，请输入更完整的姓名。",
    invitedMore: "显示更多",
    inviteOne: "邀请",
    uninvite: "移除",
    invitedDone: "已邀请 {{name}}。",
    uninvited: "已取消对 {{name}} 的邀请。",
    invitedAgain: "撤销",
  },
};
