{# The order in which something forbids a light, and how a figure is shown. Used once each; kept apart to be read. #}

{% macro unjudged_status() -%}
case
            when commitments.review_state = '撤销' then '已撤销'
            when commitments.is_confirmed and commitments.course_state is not null then commitments.course_state
            when measured.commitment_id is null and commitments.suggested_indicator_code is not null then '未确认'
            when measured.commitment_id is null then '无数可考'
            when measured.problem = '无数可考' then '无数可考'
            when not commitments.is_confirmed then '未确认'
            when commitments.indicator_code is not null and commitments.kind in ('metric', 'count', 'money')
                and confirmed_cards.indicator_code is null then '口径未确认'
            when commitments.deadline_date is null then '无截止日期'
            else measured.problem
        end
{%- endmacro %}

{# The light that a status is shown with; what is not judged is grey. #}
{% macro light_of_status(status) -%}
case
            when {{ status }} in ('已达标', '超额', '逾期完成') then '蓝'
            when {{ status }} in ('推进中', '未超上限') then '绿'
            when {{ status }} = '滞后' then '黄'
            when {{ status }} in ('严重滞后', '逾期未完成', '超上限') then '红'
            else '灰'
        end
{%- endmacro %}

{# One decimal for shares, none for whole counts; where rounding would carry a figure over a bound that it keeps or
   misses, two decimals cut off towards where it lies: 94.96 is never shown as 95.0, nor 95.04 kept at 95.03. #}
{% macro display_value(row) -%}
{%- set keeps_floor = "case when " ~ row ~ ".judged_operator = '>=' then " ~ row ~ ".is_met else " ~ row ~ ".indicator_value >= " ~ row ~ ".target_value end" -%}
{%- set cap = "case when " ~ row ~ ".judged_operator = 'range' then " ~ row ~ ".target_high_value else " ~ row ~ ".target_value end" -%}
{%- set keeps_cap = "case when " ~ row ~ ".judged_operator = '<=' then " ~ row ~ ".is_met else " ~ row ~ ".indicator_value <= " ~ row ~ ".target_high_value end" -%}
{%- set shown = "round(" ~ row ~ ".indicator_value, 1)" -%}
case
            when {{ row }}.indicator_value is null then null
            when
                {{ shown }} != {{ row }}.indicator_value
                and (
                    ({{ row }}.judged_operator in ('>=', 'range') and {{ shown }} >= {{ row }}.target_value and not {{ keeps_floor }})
                    or ({{ row }}.judged_operator in ('<=', 'range') and {{ shown }} > {{ cap }} and {{ keeps_cap }})
                )
                then cast(cast(floor({{ row }}.indicator_value * 100) / 100 as decimal(24, 2)) as string)
            when
                {{ shown }} != {{ row }}.indicator_value
                and (
                    ({{ row }}.judged_operator in ('<=', 'range') and {{ shown }} <= {{ cap }} and not {{ keeps_cap }})
                    or ({{ row }}.judged_operator in ('>=', 'range') and {{ shown }} < {{ row }}.target_value and {{ keeps_floor }})
                )
                then cast(cast(ceil({{ row }}.indicator_value * 100) / 100 as decimal(24, 2)) as string)
            when {{ row }}.unit = '%' or {{ row }}.indicator_value != floor({{ row }}.indicator_value)
                then cast(cast({{ shown }} as decimal(24, 1)) as string)
            else cast(cast({{ row }}.indicator_value as decimal(24, 0)) as string)
        end
{%- endmacro %}

{# By how much a figure misses: its cap where it is a range's and lies above, else its target. #}
{% macro missed(of_target, of_cap) -%}
case when judged_operator = 'range' and margin_low >= 0 then {{ of_cap }} else {{ of_target }} end
{%- endmacro %}

{# A gap without superfluous zeros, and a denominator that fell: 差1所, 差0.04个百分点, 分母缩小. #}
{% macro edge_note(gap, gap_unit, is_shrunk) -%}
nullif(concat_ws('；', {{ gap_note(gap, gap_unit) }}, case when {{ is_shrunk }} then '分母缩小' end), '')
{%- endmacro %}

{% macro gap_note(gap, gap_unit) -%}
case
            when {{ gap }} is null or {{ gap }} = 0 then null
            when {{ gap }} = floor({{ gap }})
                then concat_ws('', '差', cast(cast({{ gap }} as decimal(24, 0)) as string), {{ gap_unit }})
            else concat_ws('', '差', cast(cast({{ gap }} as decimal(24, 2)) as string), {{ gap_unit }})
        end
{%- endmacro %}

{# Why the light is what it is, in Chinese; always said where the light is grey. #}
{% macro reason() -%}
case judged.status
            when '已撤销' then '该承诺经审核撤销，不再计入'
            when '暂缓' then case
                when shown.course_state is null then judged.note
                else concat_ws('', '自', cast(shown.course_since_date as string), '起暂缓：', shown.course_reason)
            end
            when '终止' then case
                when shown.course_state is null then judged.note
                else concat_ws('', '自', cast(shown.course_since_date as string), '起终止：', shown.course_reason)
            end
            when '无数可考' then coalesce(judged.note, '没有指标口径或报表可以衡量这一承诺')
            when '未确认' then case
                when shown.suggested_indicator_code is not null and shown.indicator_code is null
                    then '有候选指标，尚未经人工核定'
                else '承诺尚未经人工确认'
            end
            when '口径未确认' then '所用指标的口径尚未经人工确认'
            when '无截止日期' then '文件和文本都没有给出年份，无法判断时限'
            when '待报数据' then coalesce(
                case when judged.problem = '待报数据' then judged.note end,
                concat_ws('', '截止期已过，该期报表应于', cast(judged.final_due_date as string), '前报送')
            )
            when '取决于' then concat_ws(
                '；',
                case when bounds.verdict = '取决于' then bounds.verdict_text end,
                coalesce(bounds.deciding_text, '未报单位的报数可使亮灯改变')
            )
            when '无界' then concat_ws('；', bounds.verdict_text, bounds.deciding_text)
            when '应报未报' then '截止期报表逾期未报，无法判定是否完成'
            when '逾期未完成' then concat_ws('；', concat_ws('', '截止', cast(shown.deadline_date as string), '未完成'), judged.note)
            else judged.note
        end
{%- endmacro %}

{# A card that asks what share of schools meets a threshold, promised by the threshold and not by a share. #}
{% macro threshold_is_promised() -%}
coalesce(
            cards.aggregation = 'share_meeting'
            and coalesce(commitments.unit, '') not in ('%', '百分点')
            and cards.meeting_threshold = commitments.target_value,
            false
        )
{%- endmacro %}

{# States that a person's act on the commitment or its card makes, and states that missing reports make. #}
{% macro is_of_people(status) -%}
coalesce({{ status }} in ('未确认', '口径未确认', '已撤销', '已搁置', '暂缓', '终止'), false)
{%- endmacro %}

{% macro is_of_reports(status) -%}
coalesce({{ status }} in ('无数据', '待报数据', '应报未报', '取决于', '无界', '数据过期', '未列名待核'), false)
{%- endmacro %}

{# A kind of commitment as configuration names it. #}
{% macro kind_label(kind) -%}
case {{ kind }}
            when 'metric' then '指标'
            when 'count' then '数量'
            when 'money' then '资金'
            when 'milestone' then '项目节点'
            when 'deliverable' then '文件活动'
        end
{%- endmacro %}

{# What a curve expects at a share of time elapsed; what asks for all (100) asks for all on every curve. #}
{% macro expected_on_curve(segment, elapsed) -%}
case
            when {{ segment }}.applies_to is null then null
            when {{ segment }}.shape = '阶梯' then {{ segment }}.from_expected_pct
            else
                {{ segment }}.from_expected_pct
                + ({{ segment }}.to_expected_pct - {{ segment }}.from_expected_pct)
                * cast({{ elapsed }} - {{ segment }}.from_elapsed_pct as double)
                / ({{ segment }}.to_elapsed_pct - {{ segment }}.from_elapsed_pct)
        end
{%- endmacro %}
