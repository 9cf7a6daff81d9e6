"""Fields of government work by their words: 消除火灾隐患 is on the item of 消防检查, though it repeats no word of it."""

import re
from collections.abc import Sequence

from pipeline.parse.matters import ItemDraft, StatementDraft

_FIELDS: tuple[str, ...] = (
    "消防|火灾|火情|火险|火源|防火|防灭火|用火|灭火",
    "防汛|抗旱|汛|洪|水库|河道|堤|台风|暴雨|降雨|内涝|危险区域群众",
    "安全生产|安委会|隐患|事故|三管三必须|燃气|自建房|危化|矿山|有限空间|安全形势",
    "生态|环保|环境保护|污染|扬尘|秸秆|固体废物|无废|空气|大气|蓝天|碧水|水质|排污|防沙|三北|绿化|造林|林长|湿地|草原|减排|低碳",
    "教育|学校|校园|学生|学位|入学|有学上|上学|高考|中考|考试|考场|考点|考生|教师|师资|孩子|儿童|幼儿|托育|适儿",
    "农村|农业|三农|“三农”|粮食|耕地|农田|春耕|农资|农时|播种|秋收|夏收|种植|村集体|粮|千万工程",
    "养殖|畜牧|禁牧|饲草|饲料|草畜|牧区|牧民|出栏|牲畜",
    "脱贫|返贫|帮扶|乡村振兴",
    "从严治党|廉政|党纪|学纪|一岗双责|纪律|腐败|廉洁|作风|蝇贪|蚁腐|八项规定|警示教育|四风|“四风”|以案|典型案例|侵害群众利益|损害群众利益",
    "交通|公路|道路|停车|治超|公交|拥堵|车辆",
    "五一|国庆|春节|元旦|节日|假期|两节|“两节”|假日|景区|慰问|节后|过年",
    "保供|用能|能源|电力|用电|煤|供热|供暖|供气|保暖",
    "市场供应|市场保供|稳价|物价|价格|粮油|肉蛋|菜篮子|必需品",
    "就业|用工|岗位|务工",
    "欠薪|工资|农民工|薪酬",
    "养老|老年|老人|适老",
    "医院|医疗|医保|卫生健康|疫情|患者|看病|就医|疾控|药品",
    "预算|决算|财政|收支|过紧日子|债务|审计",
    "招商|引资|签约|客商",
    "营商|助企|纾困|经营主体|市场主体|店小二|跑腿|一窗|涉企",
    "城市更新|老旧小区|棚改|违建|房地产|公租房|住房|加装电梯|业主|物业",
    "文化|旅游|文旅|游客|文物|非遗|民宿",
    "信访|矛盾|纠纷|调解|初信初访",
    "法治|执法|普法|行政复议|依法行政",
    "数字|数据|智慧|人工智能",
    "人才|引育留用",
    "垃圾|环卫|保洁|人居环境|厕所",
    "供水|饮水|用水|节水|水资源|水厂",
    "工业|制造|产业链|园区|规上",
    "食品|餐饮|食堂|明厨亮灶|舌尖",
    "征兵|兵员|体检关|双拥|退役",
    "选举|换届|代表入口|补选",
    "意识形态|舆情|宣传|阵地",
    "机构编制|编制资源|编委",
    "干部教育|培训|政治训练",
    "政绩|形象工程|为民造福|显功",
    "创新理论|理论武装|著作选读|治国理政",
    "移风易俗|殡葬|婚俗|烟花|爆竹",
    "慰问|困难群众|低保|救助|残疾",
    "科技|创新|核心技术|深化改革",
)
_WORDS = tuple(re.compile(x) for x in _FIELDS)


def kindred(items: Sequence[ItemDraft], statement: StatementDraft, about: str) -> ItemDraft | None:
    """The item of which most fields are a statement's, too; of several, that of its first words.

    Fields of *about*, the meeting's own name, tell nothing.
    """
    words = statement.words
    said = [(m.start(), x) for x in _WORDS if (m := x.search(words)) and not x.search(about)]
    best: tuple[int, int] = (0, 0)
    found: ItemDraft | None = None
    for item in items if said else ():
        shared = [at for at, x in said if x.search(item.subject.text)]
        rank = (len(shared), -min(shared, default=0))
        if shared and rank >= best:
            best, found = rank, item
    return found
