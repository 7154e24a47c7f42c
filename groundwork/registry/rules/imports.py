"""The states of an import, its limits, and why a file or an act on it is refused."""

from __future__ import annotations

from groundwork.base.errors import N_, Conflict, RuleBroken

CHECKED, CONFIRMED, UNDONE, REFUSED = "checked", "confirmed", "undone", "refused"
STEPS: dict[str, tuple[str, ...]] = {
    "uploaded": (CHECKED, REFUSED),
    CHECKED: (CHECKED, CONFIRMED),
    CONFIRMED: (UNDONE,),
    UNDONE: (),
    REFUSED: (),
}
MOST_ROWS = 50_000  # a whole city's staff; the check of so many takes some seconds
MOST_COLUMNS = 200
MOST_FILE = 15 * 1024 * 1024  # 28,000 rows of 11 columns are about 2 MB
HEADER_WITHIN = 15  # rows from the top in which the header must stand
MOST_CHOICES = 12
KEPT_DAYS = 30  # an import can be undone so long; then its rows and its file are forgotten


class NotASheet(RuleBroken):
    """Refuse a file that is no xlsx."""

    code = "registry.not_a_sheet"
    text = N_("这不是 .xlsx 表格。请在 Excel 或 WPS 里“另存为”Excel 工作簿（.xlsx）再上传。")


class OldFormat(RuleBroken):
    """Refuse an xls, or an xlsx behind a password: both look alike from outside."""

    code = "registry.old_format"
    text = N_("这是旧版 .xls，或者加了密码。请去掉密码，另存为 .xlsx 再上传。")


class OldTemplate(RuleBroken):
    """Refuse a template of another version."""

    code = "registry.old_template"
    text = N_(
        "这张表用的是第 %(version)s 版模板，现在是第 %(current)s 版。请下载新模板，把数据粘贴过去。"
    )


class WrongTemplate(RuleBroken):
    """Refuse the template of another kind of import."""

    code = "registry.wrong_template"
    text = N_("这是另一种导入的模板，请核对要导入的是人员、机构还是地名。")


class NoHeader(RuleBroken):
    """Refuse a sheet without a header that can be recognised."""

    code = "registry.no_header"
    text = N_("前 15 行里没有认出表头，缺少：%(titles)s。")


class EmptySheet(RuleBroken):
    """Refuse a sheet without rows."""

    code = "registry.empty_sheet"
    text = N_("表里没有数据行。")


class TooManyRows(RuleBroken):
    """Refuse a sheet over the limit."""

    code = "registry.too_many_rows"
    text = N_("表里有 %(rows)s 行，一次最多 %(most)s 行。请分成几张，或删去下方的空行。")


class TooLarge(RuleBroken):
    """Refuse a sheet that unpacks beyond reason."""

    code = "registry.too_large"
    text = N_("表格展开后过大，一次最多 %(most)s 行。请分成几张，或删去下方的空行。")


class IdNumbersInside(RuleBroken):
    """Refuse a sheet with ID-card numbers before anything of it is kept."""

    code = "registry.id_numbers"
    text = N_(
        "表里有 %(n)s 处像是身份证号（%(where)s）。系统不收身份证号，文件没有保存。请删去后再上传。"
    )


class WrongState(RuleBroken):
    """Refuse an act that this state of an import does not allow."""

    code = "registry.import_state"
    text = N_("这次导入现在不能这样做。")


class RowsLeft(RuleBroken):
    """Refuse to confirm with bad rows unless the clerk says that they stay out."""

    code = "registry.rows_left"
    text = N_("还有 %(bad)s 行不能写入。先改好再传，或者明确选择“先写入其余各行”。")


class NothingToWrite(RuleBroken):
    """Refuse to confirm when no row would change anything."""

    code = "registry.nothing_to_write"
    text = N_("没有需要写入的行：都和现有记录一样，或者都有问题。")


class ChangedMeanwhile(Conflict):
    """Tell that the directory changed after the check; it was checked again."""

    code = "registry.changed_meanwhile"
    text = N_("核对之后，有人改过这些记录。已经按最新内容重新核对，请再看一遍。")


class CannotUndo(RuleBroken):
    """Refuse to undo what has changed or is in use since, with names of the rows."""

    code = "registry.cannot_undo"
    text = N_("写入之后，有 %(n)s 行已被改动或已有别的记录在用：%(rows)s。可以选择只撤销其余各行。")


class UndoOver(RuleBroken):
    """Refuse to undo after the time it can be undone."""

    code = "registry.undo_over"
    text = N_("写入超过 30 天，不能整批撤销了。请逐条修改。")


def check_step(state: str, then: str) -> None:
    """Allow an import to go from one state to the next. Raises WrongState."""
    if then not in STEPS[state]:
        raise WrongState


class UnknownBody(RuleBroken):
    """Say that a name in a cell is no body of the directory."""

    code = "registry.unknown_body"
    text = N_("目录里没有“%(value)s”。可以填全称、简称、别名或代码。")


class BodyOutOfScope(RuleBroken):
    """Say that a body is there but not the clerk's to keep."""

    code = "registry.body_out_of_scope"
    text = N_("“%(value)s”不在您管理的范围内。")


class AmbiguousName(RuleBroken):
    """Say that a name means several things: a choice, not an error."""

    code = "registry.ambiguous"
    text = N_("“%(value)s”有 %(n)s 个，请选一个。")


class UnknownCommunity(RuleBroken):
    """Say that a name in a cell is no community or village of today."""

    code = "registry.unknown_community"
    text = N_("没有叫“%(value)s”的社区或村，也可能已经撤并。")


class UnknownPlace(RuleBroken):
    """Say that a name in a cell is no place of today."""

    code = "registry.unknown_place"
    text = N_("没有叫“%(value)s”的地方，请填名称或代码。")


class TwiceInSheet(RuleBroken):
    """Say that two rows of the sheet speak of the same and differ."""

    code = "registry.twice_in_sheet"
    text = N_("和第 %(row)s 行编号相同，内容却不同。请只留一行。")


class BelongsElsewhere(RuleBroken):
    """Say that this work number or code is somebody's outside the clerk's scope."""

    code = "registry.belongs_elsewhere"
    text = N_("“%(value)s”已经在别的单位登记。请对方或上级先办转移。")


class KindStays(RuleBroken):
    """Say that a body does not become another kind of body."""

    code = "registry.kind_stays"
    text = N_("已有机构的类别不能在表里改。请撤销旧的，另建一个。")


class OnlyCitysOffice(RuleBroken):
    """Say that a new top of the tree is the city's office's to add."""

    code = "registry.only_citys_office"
    text = N_("最上一级机构只能由市级管理员新增，请填上级。")


class WasMerged(RuleBroken):
    """Say that this work number was merged into another entry."""

    code = "registry.was_merged"
    text = N_("工号 %(value)s 是重复记录，已并入工号 %(into)s。")


PROBLEMS: dict[str, str] = {}


def problem_text(code: str) -> str:
    """Give the sentence of an error code, for problems kept as rows."""
    if not PROBLEMS:
        waiting = [RuleBroken]
        while waiting:
            error = waiting.pop()
            PROBLEMS[error.code] = error.text
            waiting += error.__subclasses__()
    return PROBLEMS.get(code, RuleBroken.text)
