"""The catalogue of rude edits: edits that cannot be patched truthfully, each with a code, a reason and advice. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mpdt_hooks.model import DefRef, RudeEdit
from mpdt_hooks.sentence import said


@dataclass(frozen=True, slots=True)
class RudeKind:
    """One entry of the catalogue. ``forbidden``: Python itself rules a truthful patch out (else: not done yet)."""

    code: str
    title: str
    why: str
    advice: str
    forbidden: bool


_COST = said("The plugin is loaded anew: its objects are made again, and its saved state is put back.")

EFFECT = RudeKind(
    "MPDT001",
    "A top-level statement that acts was added, changed, removed, or depends on what changed",
    "What the old statement did cannot be taken back, and doing it again might do it twice.",
    "Move the call into the plugin's load hook, or into a function that is called when it is needed.",
    True,
)
NOT_UNIQUE = RudeKind(
    "MPDT002",
    "A name that is bound in several places depends on what changed",
    "Which of the values an object was made from can no longer be told.",
    "Bind the name once, or in one if/try statement.",
    False,
)
LAYOUT = RudeKind(
    "MPDT003",
    "The layout of a class's instances changes",
    "Python fixes the memory layout of instances (__slots__, a base class in C) when the class is made.",
    "None: instances of the old layout cannot become instances of the new one.",
    True,
)
METACLASS = RudeKind(
    "MPDT004",
    "A class's metaclass or keyword arguments change",
    "They act only while the class is made, and the class object has to stay the same.",
    "None: such an edit is rare.",
    True,
)
BASES = RudeKind(
    "MPDT005",
    "A class's bases change in a way that Python does not allow on a live class",
    "The new bases have another layout or metaclass, or want to act when they are inherited from.",
    "None: the plugin is loaded anew.",
    True,
)
MADE_BY_METACLASS = RudeKind(
    "MPDT006",
    "The fields of a class that is generated from them change",
    "A slotted dataclass would be another class, and what was made from the old fields stays: tuples, copied keys.",
    "A plain dataclass, Enum, TypedDict or pydantic model can be patched, and a NamedTuple of which no instance lives.",
    False,
)
DECORATOR = RudeKind(
    "MPDT007",
    "A decorator's result is held where it cannot be replaced",
    "Something outside of the plugin's modules holds what the old decorator returned.",
    "None: the plugin is loaded anew.",
    False,
)
FREE_VARIABLES = RudeKind(
    "MPDT008",
    "A live closure's free variables change",
    "A function object's cells are fixed when it is made; the new code needs other ones.",
    "Pass the value as an argument, or make the closure again.",
    True,
)
CLASS_HOOK = RudeKind(
    "MPDT009",
    "A class that a hook looks at when it is made has other members",
    "__init_subclass__, __set_name__ or a metaclass of the plugin's own saw the old members and may have kept them.",
    "Look members up when they are needed instead of collecting them.",
    False,
)
CLASS_DECORATOR = RudeKind(
    "MPDT010",
    "A class under a decorator has other members, or another decorator",
    "The decorator saw the old members and may have made something from them.",
    "None: the plugin is loaded anew.",
    False,
)
ORDER = RudeKind(
    "MPDT011",
    "Statements that depend on their order were put into another order",
    "The live values come from the old order.",
    "None: the plugin is loaded anew.",
    False,
)
PROOF = RudeKind(
    "MPDT012",
    "After the patch a definition did not hold what its file says",
    "Something else had replaced the definition, or holds the function where it cannot be found; the patch was undone.",
    "If code replaces functions while it runs (a monkey patch), replace them when the plugin is loaded.",
    False,
)
CLASS_EFFECT = RudeKind(
    "MPDT013",
    "A statement that acts, in a class body, was added, changed, removed, or depends on what changed",
    "It can be run only while the class is made.",
    "Move it out of the class body.",
    False,
)
FUTURE = RudeKind(
    "MPDT014",
    "A __future__ import other than annotations changes",
    "It changes what every definition of the file means.",
    "None: such an edit is rare.",
    False,
)
REPLACED = RudeKind(
    "MPDT015",
    "A class definition turned into another kind of object, or the other way round",
    "Instances and subclasses of the old class cannot follow.",
    "None: the plugin is loaded anew.",
    True,
)
MODULE_GONE = RudeKind(
    "MPDT016",
    "A module that acted when it was imported is no longer imported",
    "What it did cannot be taken back.",
    "None: the plugin is loaded anew.",
    True,
)
TYPE_PARAMETERS = RudeKind(
    "MPDT017",
    "The type parameters of a generic definition change, or code that reads them does",
    "They are variables of a scope that exists only while the definition is made.",
    "None: the plugin is loaded anew.",
    False,
)
SHARED_CLASS = RudeKind(
    "MPDT018",
    "A class inside of a block or function changes",
    "It is made anew when its statement runs, and the old one has instances.",
    "Define the class at the top level of its module.",
    False,
)
ENTRY_GONE = RudeKind(
    "MPDT019",
    "The file of a module is gone, or the module comes from another file",
    "Whoever imported the module still holds it.",
    "None: the plugin is loaded anew.",
    True,
)
NEW_FILE = RudeKind(
    "MPDT020",
    "A new file is what an import looked for in vain",
    "A fresh process would find it; this one has settled for something else.",
    "None: the plugin is loaded anew.",
    False,
)
KEPT_CODE = RudeKind(
    "MPDT021",
    "A library keeps a code object of the plugin as a value",
    "Who keeps it looks for that very object, and the function has another one now.",
    "Keep the function instead, and compare its __code__ when it is needed.",
    False,
)
PAST_THE_FINDER = RudeKind(
    "MPDT022",
    "A module was loaded past the finder",
    "What of it runs is not known: it was imported before mpdt was there, or from its file by its path.",
    "None: the plugin is loaded anew.",
    False,
)
KEPT_OBJECT = RudeKind(
    "MPDT023",
    "A value is computed on import from an object that is kept, though it would be made otherwise now",
    "The object keeps its state; a fresh process would make it anew, and compute the value from that one.",
    "Compute the value when it is needed, or read it from the object.",
    False,
)
READS_STATE = RudeKind(
    "MPDT024",
    "A statement that runs again reads state that has changed since its module was imported",
    "A fresh process would read it as it was at that place of the import.",
    "Read it in a function, when it is needed.",
    False,
)
HELD = RudeKind(
    "MPDT025",
    "A function or method that something keeps is gone, or its name leads to another one",
    "Who keeps the old one (a list of callbacks, a task that runs it) would go on with code that no file has.",
    "Keep what looks it up when it is called (lambda: self.run()), or hand it on in the plugin's load hook.",
    False,
)
NOT_FIT = RudeKind(
    "MPDT090",
    "The program around the plugin would not take it as it is now",
    "A fresh process would refuse it, so it has to refuse the edit, and the version before serves on.",
    "Mend what is named; a plugin class has to stay registered, and has to list its components without an error.",
    True,
)

CATALOGUE = (
    EFFECT, NOT_UNIQUE, LAYOUT, METACLASS, BASES, MADE_BY_METACLASS, DECORATOR, FREE_VARIABLES, CLASS_HOOK,
    CLASS_DECORATOR, ORDER, PROOF, CLASS_EFFECT, FUTURE, REPLACED, MODULE_GONE, TYPE_PARAMETERS, SHARED_CLASS,
    ENTRY_GONE, NEW_FILE, KEPT_CODE, PAST_THE_FINDER, KEPT_OBJECT, READS_STATE,
    HELD, NOT_FIT,
)  # fmt: skip


def rude_edit(kind: RudeKind, ref: DefRef, path: Path, line: int, what: str) -> RudeEdit:
    """The refusal of one edit. ``what`` is a sentence that names the thing, by ``said`` unless somebody else made it;
    the catalogue's reason follows it."""
    return RudeEdit(kind.code, ref, path, line, said("{what} {why}", what=what, why=said(kind.why)), _COST)
