"""A view as an address and back: what is in it is checked as a scenario file is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from dgsim.app.state.pages import PAGE_KEYS
from dgsim.app.state.targets import check_choice, targets_in, text_of
from dgsim.app.state.view import CHANGED, PARAMETER_SETS, View, first_view, in_world, is_shipped, shipped
from dgsim.appraisals.horizon import quarters_to
from dgsim.country import load_country
from dgsim.errors import DgsimError, ScenarioError, did_you_mean
from dgsim.learn import find_lesson
from dgsim.scenario import RoadmapItem, Scenario, load_scenario, quarter_index, quarter_text, shipped_scenarios
from dgsim.scenario.calendar import LONGEST_HORIZON
from dgsim.scenario.loading import PYTHON_LABEL
from dgsim.scenario.rules import written
from dgsim.texts import LANGUAGES, words
from dgsim.world.tables import OUTCOME_NAMES, PARAMETERS, Parameter

LONGEST_ADDRESS = 8000
LARGEST_SEED_OF_A_BROWSER = 2**53 - 1  # the largest whole number that a browser keeps to the digit
ROOM_FOR_THE_REST = 900  # seed, page, language and the like, and targets of one's own
PLAIN = "base"  # what a policy that did not start from a shipped scenario is told against
BASELINE = "baseline."
NONE = "none"
OWN = "own_targets"
LOOKED_AT = {
    **{"seed": "seed", "parameters": "parameters", "lang": "language", "outcome": "outcome"},
    **{"province": "province", "lesson": "lesson", "run": "run", "to": "to", "targets": "targets"},
}
Pairs = list[tuple[str, str]]


def address_of(view: View) -> str:
    """The address of a view: path and query. A policy too long for it is left out (see :func:`left_out`).

    >>> address_of(first_view().with_levers(fee_cut=0.5))
    '/?policy=staged&fee_cut=0.5&baseline=history'
    """
    pairs = _policy_pairs(view)
    if _too_long(pairs):
        pairs = [("policy", PLAIN), ("baseline", PLAIN)]
    first = first_view()
    for key, field in LOOKED_AT.items():
        if {getattr(view, field)} != {getattr(first, field), getattr(View, field)}:  # said here, or by other servers
            pairs.append((key, str(getattr(view, field))))
    if view.quarter >= 0:
        pairs.append(("quarter", quarter_text(view.quarter)))
    if view.own_targets:
        pairs.append((OWN, text_of(view.own_targets)))
    return page_address(f"/?{_query(pairs)}", view.page)


def page_address(address: str, page: str) -> str:
    """The same address on another page."""
    return f"/{'' if page == PAGE_KEYS[0] else page}?{address.partition('?')[2]}"


def left_out(view: View) -> tuple[str, ...]:
    """What the address of a view does not carry, as keys of the table of strings."""
    if _too_long(_policy_pairs(view)):
        return ("address.too_long",)
    return () if is_shipped(view.origin) else ("address.file",)


def view_of(path: str, query: str) -> tuple[View, str]:
    """The view an address asks for, and a sentence where it is broken: then it is the default view.

    >>> view_of("/compare", "policy=staged&fee_cut=2")[1]
    'This address is broken, so you see the start: citizens.fee_cut = 2 is outside 0..1 (share of the fee)'
    """
    page = path.strip("/") or PAGE_KEYS[0]
    first = first_view()
    pairs = dict(parse_qsl(query[:LONGEST_ADDRESS], keep_blank_values=True))
    language = pairs.get("lang", first.language)
    first = replace(first, language=language if language in LANGUAGES else first.language)
    try:
        if len(query) > LONGEST_ADDRESS:
            raise ScenarioError(f"it has {len(query):,} characters, and at most {LONGEST_ADDRESS:,} are read")
        if page not in PAGE_KEYS:
            raise ScenarioError(f"there is no page /{page[:40]}")
        view, worlds = _read(replace(first, page=page), pairs)
        return view, "" if worlds == 1 else words(first.language)("address.one_world")
    except DgsimError as error:
        reason = str(error).splitlines()[0].removeprefix(f"{PYTHON_LABEL}: ")
        sentence = words(first.language)("address.broken", why=reason)
        return replace(first, page=page if page in PAGE_KEYS else PAGE_KEYS[0]), sentence


def _policy_pairs(view: View) -> Pairs:
    return [*_scenario_pairs(view.policy, _start(view)), *_baseline_pairs(in_world(view.baseline, ()))]


def _query(pairs: Pairs) -> str:
    return urlencode(pairs, quote_via=quote, safe="@,:")


def _too_long(pairs: Pairs) -> bool:
    return len(_query(pairs)) > LONGEST_ADDRESS - ROOM_FOR_THE_REST


def _start(view: View) -> Scenario:
    return view.origin if is_shipped(view.origin) else shipped(PLAIN)


def _baseline_pairs(baseline: Scenario) -> Pairs:
    if is_shipped(baseline):
        return [("baseline", baseline.name)]
    stem = baseline.name.removesuffix(CHANGED)
    pairs = _scenario_pairs(baseline, shipped(stem if stem in shipped_scenarios() else PLAIN))
    return [("baseline" if key == "policy" else BASELINE + key, value) for key, value in pairs]


def _scenario_pairs(policy: Scenario, start: Scenario) -> Pairs:
    """A scenario as what it changes in a shipped one."""
    pairs: Pairs = [("policy", start.name)]
    if policy == start:
        return pairs
    usual_name = start.name + CHANGED
    for key, value, usual in (("name", policy.name, usual_name), ("question", policy.question, start.question)):
        if value != usual:
            pairs.append((key, value))
    for parameter in PARAMETERS.levers:
        name = parameter.name
        if policy.lever_path(name) != start.lever_path(name):
            pairs += [
                (name if quarter == 0 else f"{name}@{quarter_text(quarter)}", _value_text(parameter, value))
                for quarter, value in policy.lever_path(name)
            ]
    pairs += [(name, _value_text(PARAMETERS[name], value)) for name, value in policy.overrides]
    if policy.roadmap != start.roadmap:
        pairs.append(("roadmap", ",".join(map(_item_text, policy.roadmap)) or NONE))
    if policy.plan_quarters != start.plan_quarters:
        pairs.append(("plan", str(policy.plan_quarters)))
    if policy.quarters != policy.plan_quarters:
        pairs.append(("quarters", str(policy.quarters)))
    return pairs


def _value_text(parameter: Parameter, value: Any) -> str:
    if parameter.type == "flag":
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(written(parameter, value))


def _item_text(item: RoadmapItem) -> str:
    after = "".join(f":{name}" for name in item.after)
    return f"{item.name}:{item.item}:{quarter_text(item.start)}:{item.quarters}:{item.cost_bvnd!r}{after}"


def _read(view: View, pairs: Mapping[str, str]) -> tuple[View, int]:
    """The view, and in how many worlds the address would have policy and baseline run: the view has the policy's."""
    own = {key: value for key, value in pairs.items() if not key.startswith(BASELINE)}
    other = {key.removeprefix(BASELINE): value for key, value in pairs.items() if key.startswith(BASELINE)}
    known = {"policy", "baseline", "quarter", OWN, *LOOKED_AT}
    origin = shipped_or_refuse(own.get("policy", view.origin.name))
    policy = _scenario(origin, {key: value for key, value in own.items() if key not in known})
    baseline = _scenario(shipped_or_refuse(own.get("baseline", view.baseline.name)), other)
    seed, outcome, province = own.get("seed", "0"), own.get("outcome", view.outcome), own.get("province", "")
    lesson, parameters = own.get("lesson", ""), own.get("parameters", view.parameters)
    if parameters not in PARAMETER_SETS:
        meant = did_you_mean(parameters[:40], PARAMETER_SETS)
        raise ScenarioError(f"parameters = {parameters[:40]} is not one of {', '.join(PARAMETER_SETS)}{meant}")
    if not (seed.isascii() and seed.isdigit() and len(seed) <= 16 and int(seed) <= LARGEST_SEED_OF_A_BROWSER):
        raise ScenarioError(f"seed = {seed[:40]} is not a whole number from 0 to {LARGEST_SEED_OF_A_BROWSER}")
    if outcome not in OUTCOME_NAMES:
        raise ScenarioError(f"outcome = {outcome[:40]} is not measured")
    if province:
        load_country().index(province[:80])
    if lesson:
        find_lesson(lesson[:80])
    quarter = quarter_index(own["quarter"][:20]) if "quarter" in own else -1
    looked_at = {"seed": int(seed), "outcome": outcome, "quarter": quarter, "province": province, "lesson": lesson}
    looked_at |= {"run": _quarters_run(own.get("run", "0"))}
    looked_at |= {"parameters": parameters, "to": _horizon(own.get("to", view.to))}
    looked_at |= {
        "targets": check_choice(own.get("targets", view.targets)),
        "own_targets": targets_in(own.get(OWN, "")),
    }
    found = replace(view, policy=policy, origin=origin, baseline=baseline, **looked_at)  # type: ignore[arg-type]
    own_world = baseline.overrides and baseline.digest() != found.baseline.digest()
    return found, 2 if own_world else 1


def _horizon(text: str) -> str:
    """The last quarter of appraisals and targets; raises ScenarioError or StudyError."""
    return str(quarter_text(quarters_to(text[:20]) - 1))


def _quarters_run(text: str) -> int:
    """How many quarters a run has gone; raises ScenarioError."""
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= LONGEST_HORIZON):
        raise ScenarioError(f"run = {text[:40]} is not a whole number from 0 to {LONGEST_HORIZON}")
    return int(text)


def shipped_or_refuse(name: str) -> Scenario:
    """A shipped scenario by name, never a path; raises ScenarioError."""
    if set(name) & set("/\\") or name.endswith(".toml"):
        raise ScenarioError("an address names shipped scenarios only")
    return shipped(name[:80])


def _scenario(start: Scenario, pairs: Mapping[str, str]) -> Scenario:
    """The scenario that an address tells as changes to a shipped one."""
    if not pairs:
        return start
    content: dict[str, Any] = {
        "name": pairs.get("name", start.name + CHANGED),
        "question": pairs.get("question", start.question),
        "extends": [start.name],
    }
    changes: dict[str, dict[str, Any]] = {}
    for key, text in pairs.items():
        name, _, date = key.partition("@")
        if date:
            change = changes.setdefault(date, {"from": date})
            change.setdefault(_theme(name), {})[name] = _value(name, text)
        elif key == "roadmap":
            content["roadmap"] = [*_removals(start, text), *_items(text)]
        elif key in ("plan", "quarters"):
            content.setdefault("horizon", {})["quarters" if key == "plan" else "stop_after"] = _number(text)
        elif key not in ("name", "question"):
            content.setdefault(_theme(name), {})[name] = _value(name, text)
    return load_scenario(content | ({"change": list(changes.values())} if changes else {}))


def _theme(name: str) -> str:
    if name in PARAMETERS.uncertain.names:
        return "assumptions"
    return PARAMETERS[name].theme if name in PARAMETERS.levers.names else name[:40]


def _value(name: str, text: str) -> Any:
    if name not in PARAMETERS.settable.names:
        raise ScenarioError(f"{name[:40]} is neither a lever nor an assumption")
    parameter = PARAMETERS[name]
    if parameter.type == "flag":
        return {"true": True, "false": False}.get(text, text)
    return _number(text) if parameter.type in ("float", "int") else text


def _number(text: str) -> Any:
    for kind in (int, float):
        try:
            return kind(text[:40])
        except ValueError:
            continue
    return text[:80]


def _items(text: str) -> Iterator[dict[str, Any]]:
    for part in text.split(",") if text != NONE else ():
        name, item, start, quarters, cost, *after = [*part.split(":"), "", "", "", ""][: max(5, part.count(":") + 1)]
        entry = {"name": name, "item": item, "start": start, "quarters": _number(quarters), "cost_bvnd": _number(cost)}
        yield entry | ({"after": after} if after else {})


def _removals(start: Scenario, text: str) -> Iterator[dict[str, Any]]:
    kept = {item["name"] for item in _items(text)}
    return ({"name": item.name, "remove": True} for item in start.roadmap if item.name not in kept)
