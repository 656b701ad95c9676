/** The texts of times of the week in forms and in sentences. */

const en = {
  timeWindows: {
    number: "Time {{number}}",
    numberOf: "{{label}}: Time {{number}}",
    from: "From",
    to: "To",
    add: "Add time",
    addTo: "Add time: {{label}}",
    removeOf: "Remove time {{number}}: {{label}}",
    noDays: "Choose at least one day for each time.",
    window: "{{days}} {{from}}–{{to}}",
    overnight: "{{days}} {{from}}–{{to}} on the next day",
  },
};

const zh: typeof en = {
  timeWindows: {
    number: "时段 {{number}}",
    numberOf: "{{label}}：时段 {{number}}",
    from: "开始",
    to: "结束",
    add: "添加时段",
    addTo: "添加时段：{{label}}",
    removeOf: "移除时段 {{number}}：{{label}}",
    noDays: "请为每个时段至少选择一天。",
    window: "{{days}}的 {{from}}–{{to}}",
    overnight: "{{days}}的 {{from}}–次日 {{to}}",
  },
};

export const TIME_WINDOW_MESSAGES = { en, "zh-CN": zh };
