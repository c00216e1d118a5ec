"""Deliverables: outputs and events of constructed sentences."""

from __future__ import annotations

import pytest

from ingestion.plans.commitments import extract_commitments


def outputs(text: str) -> list[str]:
    return [c.output or "" for c in extract_commitments(text, year=2023) if c.kind == "deliverable"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("制定《校园安全办法》。", ["校园安全办法"]),
        ("编制教育事业“十五五”规划、学校布局专项规划。", ["教育事业“十五五”规划", "学校布局专项规划"]),
        ("办好人民满意的教育，办好冰雪运动会。", ["冰雪运动会"]),
        ("制定出台《教师减负清单》《校外培训管理办法》等文件。", ["教师减负清单", "校外培训管理办法"]),
        ("修订完善职称评审办法，编制“十四五”中期评估报告。", ["职称评审办法", "“十四五”中期评估报告"]),
        ("出台支持民办教育发展的若干措施。", ["支持民办教育发展的若干措施"]),
        ("编制城区学校布局规划、教育用地专项规划。", ["城区学校布局规划", "教育用地专项规划"]),
        ("建立问题清单和整改台账。", ["问题清单", "整改台账"]),
        (
            "召开全市教育工作会议，举办首届科技创新大赛和第八届校园足球联赛。",
            ["全市教育工作会议", "首届科技创新大赛", "第八届校园足球联赛"],
        ),
        ("组织开展全县教师技能大赛。", ["全县教师技能大赛"]),
        # the last word of the file, no full stop behind it
        ("组织开展全县教师技能大赛", ["全县教师技能大赛"]),
        ("编制全县教育发展规划", ["全县教育发展规划"]),
        ("举行庆祝教师节表彰大会。", ["庆祝教师节表彰大会"]),
        ("按照《省方案》要求，研究起草我市实施方案。", ["我市实施方案"]),
        # the verb stands after or around the output
        ("《校园管理办法》6月底前印发实施。", ["校园管理办法"]),
        ("到2023年底，学校布局专项规划编制完成。", ["学校布局专项规划"]),
        ("完成《县域教育规划》编制。", ["县域教育规划"]),
        ("完成教师发展规划的修订工作。", ["教师发展规划"]),
        # papers and events by their last word, whatever stands before it
        ("下发“一校一单”整改通知书。", ["“一校一单”整改通知书"]),
        ("编印《课后服务案例集》，发布教育质量白皮书。", ["课后服务案例集", "教育质量白皮书"]),
        ("拿出《学校布局调整规划》。", ["学校布局调整规划"]),
        ("3月15日前编制任务进度表报市局。", ["任务进度表"]),
        ("召开中考备考冲刺调度会。", ["中考备考冲刺调度会"]),
        ("5月份办全县中小学生合唱节。", ["全县中小学生合唱节"]),
        ("舉辦「陽光校園」教育博覽，公布《教師專業指引》。", ["「陽光校園」教育博覽", "教師專業指引"]),
    ],
)
def test_a_sentence_that_commits_to_an_output(text, expected):
    assert outputs(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "落实《教师法》，推动《家庭教育促进法》实施。",
        "完善评价机制，健全工作体系。",
        "定期召开工作例会。",
        "学习贯彻教育部等部门印发的《若干意见》。",
        "2021年出台了《校园安全办法》。",
        "开展形式多样的交流活动。",
        "每季度召开最少三次会议。",
        "连续三年召开教育发展大会，教育地位不断提升。",
        "办好家长学校、家长讲堂日。",
        "组织教师参加教学能力大赛。",
        "6.办好技能大赛。坚持以赛促教、以赛促学，提高学生动手能力，营造崇尚技能的氛围。",
        "完成城南小学可行性研究报告编制。",
        "成立教师教育协会，办理教师资格。",
        "根据《实施意见》和《考核办法》开展工作。",
    ],
)
def test_a_sentence_that_commits_to_none(text):
    assert outputs(text) == []


def test_the_quote_runs_from_the_verb_to_the_output():
    text = "三是制定《校园安全办法》，抓好落实。"
    (c,) = [c for c in extract_commitments(text, year=2023) if c.kind == "deliverable"]
    assert c.quote == "制定《校园安全办法》"
    assert text[c.start : c.end] == c.quote
