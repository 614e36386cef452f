"""``manager = get_manager()``: a function that makes an object when it is first asked, keeps it, and gives it.

An edit of a method of that object is no reason to ask again. Where the object would be made otherwise, or the function
does more than to make it and to keep it, it is.
"""

from __future__ import annotations

import pytest

from tests.engine import edits
from tests.engine.edits import Row, table
from tests.harness import Workspace

GIVEN = table(
    r"""
=== a global | keep=a:manager
_manager = None
class Manager:
    def __init__(self): self.level = 1
    def get(self): return self.level
def get_manager():
    global _manager
    if _manager is None:
        _manager = Manager()
    return _manager
manager = get_manager()
<<< manager.level = 5
~~~ return self.level => return self.level + 1
>>> manager.get() == 6
>>> get_manager() is manager
=== a global, with a docstring, annotations and a lock | keep=a:manager
import threading
_lock = threading.Lock()
_manager: "Manager | None" = None
class Manager:
    def get(self): return 1
def get_manager() -> Manager:
    "The one and only."
    global _manager
    with _lock:
        if _manager is None:
            _manager = Manager()
    return _manager
manager = get_manager()
~~~ return 1 => return 2
>>> manager.get() == 2
>>> get_manager() is manager
=== a global, asked twice because of the lock | keep=a:manager
import threading
_lock = threading.Lock()
_manager = None
class Manager:
    def get(self): return 1
def get_manager():
    global _manager
    if _manager is None:
        with _lock:
            if _manager is None:
                _manager = Manager()
    return _manager
manager = get_manager()
~~~ return 1 => return 2
>>> manager.get() == 2
=== returned early | keep=a:manager
_manager = None
class Manager:
    def get(self): return 1
def get_manager():
    global _manager
    if _manager is not None:
        return _manager
    _manager = Manager()
    return _manager
manager = get_manager()
~~~ return 1 => return 2
>>> manager.get() == 2
=== in another file | keep=a:manager,b:_manager
from b import get_manager
manager = get_manager()
--- b.py
_manager = None
class Manager:
    def get(self): return 1
def get_manager():
    global _manager
    if _manager is None:
        _manager = Manager()
    return _manager
~~~ return 1 => return 2
>>> manager.get() == 2
=== through a module's name | keep=a:manager
import b
manager = b.get_manager()
--- b.py
_manager = None
class Manager:
    def get(self): return 1
def get_manager():
    global _manager
    if _manager is None:
        _manager = Manager()
    return _manager
~~~ return 1 => return 2
>>> manager.get() == 2
=== a class of another file | keep=a:manager
from b import Manager
_manager = None
def get_manager():
    global _manager
    if _manager is None:
        _manager = Manager()
    return _manager
manager = get_manager()
--- b.py
class Manager:
    def get(self): return 1
~~~ return 1 => return 2
>>> manager.get() == 2
=== in a class body | keep=a:h
_manager = None
class Manager:
    def get(self): return 1
def get_manager():
    global _manager
    if _manager is None:
        _manager = Manager()
    return _manager
class Handler:
    manager = get_manager()
    def run(self): return self.manager.get()
h = Handler()
~~~ return 1 => return 2
>>> h.run() == 2
>>> Handler.manager is get_manager()
=== a class method | keep=a:manager
class Manager:
    _it = None
    @classmethod
    def instance(cls):
        if cls._it is None:
            cls._it = cls()
        return cls._it
    def get(self): return 1
manager = Manager.instance()
~~~ return 1 => return 2
>>> manager.get() == 2
>>> Manager.instance() is manager
=== a class method that names its class | keep=a:manager
class Manager:
    _it = None
    @classmethod
    def instance(cls):
        if Manager._it is None:
            Manager._it = Manager()
        return Manager._it
    def get(self): return 1
manager = Manager.instance()
~~~ return 1 => return 2
>>> manager.get() == 2
=== another class makes it | keep=a:manager
class Manager:
    def get(self): return 1
class Factory:
    _it = None
    @classmethod
    def manager(cls):
        if cls._it is None:
            cls._it = Manager()
        return cls._it
manager = Factory.manager()
~~~ return 1 => return 2
>>> manager.get() == 2
=== a static method | keep=a:manager
class Manager:
    _it = None
    @staticmethod
    def instance():
        if Manager._it is None:
            Manager._it = Manager()
        return Manager._it
    def get(self): return 1
manager = Manager.instance()
~~~ return 1 => return 2
>>> manager.get() == 2
=== a class method, from another file | keep=a:manager
from b import Manager
manager = Manager.instance()
--- b.py
class Manager:
    _it = None
    @classmethod
    def instance(cls):
        if cls._it is None:
            cls._it = cls()
        return cls._it
    def get(self): return 1
~~~ return 1 => return 2
>>> manager.get() == 2
=== a table | keep=a:log
class Log:
    def __init__(self, name): self.name = name
    def info(self, text): return f"{self.name}: {text}"
_logs = {}
def get_log(name):
    if name not in _logs:
        _logs[name] = Log(name)
    return _logs[name]
log = get_log("x")
other = get_log("y")
~~~ {self.name}: {text} => [{self.name}] {text}
>>> log.info("t") == "[x] t"
>>> get_log("x") is log
=== what changed is what a method calls | keep=a:manager
_manager = None
def helper(): return 1
class Manager:
    def get(self): return helper()
def get_manager():
    global _manager
    if _manager is None:
        _manager = Manager()
    return _manager
manager = get_manager()
~~~ return 1 => return 2
>>> manager.get() == 2
=== made of a constant, and of what a module has | keep=a:manager
import b
PATH = "data"
_manager = None
class Manager:
    def __init__(self, path, level): self.path, self.level = path, level
    def get(self): return 1
def get_manager():
    global _manager
    if _manager is None:
        _manager = Manager(PATH, level=b.LEVEL)
    return _manager
manager = get_manager()
--- b.py
LEVEL = 3
~~~ return 1 => return 2
>>> manager.get() == 2
=== asked whether it is true | keep=a:manager
_manager = None
class Manager:
    def get(self): return 1
def get_manager():
    global _manager
    if not _manager:
        _manager = Manager()
    return _manager
manager = get_manager()
~~~ return 1 => return 2
>>> manager.get() == 2
=== an attribute of the class that is not there yet | keep=a:manager
class Manager:
    @classmethod
    def instance(cls):
        if not hasattr(cls, "_it"):
            cls._it = cls()
        return cls._it
    def get(self): return 1
manager = Manager.instance()
~~~ return 1 => return 2
>>> manager.get() == 2
>>> Manager.instance() is manager
=== got from a table | keep=a:log
class Log:
    def __init__(self, name): self.name = name
    def info(self, text): return 1
_logs: dict[str, Log] = {}
def get_log(name: str) -> Log:
    log = _logs.get(name)
    if log is None:
        log = Log(name)
        _logs[name] = log
    return log
log = get_log("x")
~~~ return 1 => return 2
>>> log.info("t") == 2
>>> get_log("x") is log
=== a cache of a library keeps it | keep=a:manager
from functools import lru_cache
class Manager:
    def get(self): return 1
@lru_cache
def get_manager(): return Manager()
manager = get_manager()
~~~ return 1 => return 2
>>> manager.get() == 2
>>> get_manager() is manager
=== a cache without bound keeps it
import functools
class Manager:
    def __init__(self): self.n = 0
    def get(self): return 1
@functools.cache
def get_manager():
    return Manager()
<<< get_manager().n = 5
~~~ return 1 => return 2
>>> get_manager().get() == 2
>>> get_manager().n == 5
"""
)

# Asked again, refused, or told otherwise by one who looks closer: whatever is said of these must be true.
OTHERWISE = table(
    r"""
=== it is made otherwise | must=truth
_manager = None
class Manager:
    def __init__(self): self.level = 1
def get_manager():
    global _manager
    if _manager is None:
        _manager = Manager()
    return _manager
manager = get_manager()
~~~ level = 1 => level = 2
=== making it calls what changed | must=truth
_manager = None
class Manager:
    def __init__(self): self.level = self.get()
    def get(self): return 1
def get_manager():
    global _manager
    if _manager is None:
        _manager = Manager()
    return _manager
manager = get_manager()
LEVEL = manager.level
~~~ return 1 => return 2
=== a method is called when it is made | must=truth
_manager = None
class Manager:
    def start(self): self.level = 1
def get_manager():
    global _manager
    if _manager is None:
        _manager = Manager()
        _manager.start()
    return _manager
manager = get_manager()
LEVEL = manager.level
~~~ level = 1 => level = 2
=== its result is looked into | must=truth
_manager = None
class Manager:
    def get(self): return 1
def get_manager():
    global _manager
    if _manager is None:
        _manager = Manager()
    return _manager
LEVEL = get_manager().get()
~~~ return 1 => return 2
=== its result is called | must=truth
_manager = None
class Manager:
    def __call__(self): return 1
def get_manager():
    global _manager
    if _manager is None:
        _manager = Manager()
    return _manager
LEVEL = get_manager()()
~~~ return 1 => return 2
=== its result is handed on | must=truth
_manager = None
class Manager:
    def __len__(self): return 1
def get_manager():
    global _manager
    if _manager is None:
        _manager = Manager()
    return _manager
LEVEL = len(get_manager())
~~~ return 1 => return 2
=== it asks whether it is true | must=truth
_manager = None
class Manager:
    n = 0
    def __init__(self): Manager.n += 1
    def __bool__(self): return False
def get_manager():
    global _manager
    if not _manager:
        _manager = Manager()
    return _manager
manager = get_manager()
manager = get_manager()
N = Manager.n
~~~ return False => return True
=== it compares | must=truth
_manager = None
class Manager:
    def __eq__(self, other): return True
def get_manager():
    global _manager, N
    if _manager == None:
        _manager = Manager()
    return _manager
manager = get_manager()
again = get_manager()
N = again is manager
~~~ return True => return False
=== another class | must=truth
_manager = None
class Manager:
    def get(self): return 1
class Other(Manager):
    pass
def get_manager():
    global _manager
    if _manager is None:
        _manager = Manager()
    return _manager
manager = get_manager()
~~~ _manager = Manager() => _manager = Other()
=== the class is bound to another one | must=truth
class Manager:
    def get(self): return 1
class Other(Manager):
    pass
Made = Manager
_manager = None
def get_manager():
    global _manager
    if _manager is None:
        _manager = Made()
    return _manager
manager = get_manager()
KIND = type(manager).__name__
~~~ Made = Manager => Made = Other
=== what it keeps begins as something else | must=truth
class Manager:
    def get(self): return 1
_manager = None
def get_manager():
    global _manager
    if _manager is None:
        _manager = Manager()
    return _manager
manager = get_manager()
KIND = type(manager).__name__
~~~ _manager = None => _manager = 5
=== the lock is the plugin's, and counts | must=truth
class Lock:
    n = 0
    def __enter__(self): Lock.n += 1
    def __exit__(self, *_): pass
_lock = Lock()
class Manager:
    def get(self): return 1
_manager = None
def get_manager():
    global _manager
    with _lock:
        if _manager is None:
            _manager = Manager()
    return _manager
manager = get_manager()
N = Lock.n
~~~ Lock.n += 1 => Lock.n += 2
=== a metaclass calls | must=truth
class Meta(type):
    def __call__(cls):
        one = super().__call__()
        one.level = cls.start()
        return one
class Manager(metaclass=Meta):
    @staticmethod
    def start(): return 1
_manager = None
def get_manager():
    global _manager
    if _manager is None:
        _manager = Manager()
    return _manager
manager = get_manager()
LEVEL = manager.level
~~~ return 1 => return 2
=== __new__ gives another one | must=truth
class Manager:
    def __new__(cls): return cls.made()
    @staticmethod
    def made(): return 1
_manager = None
def get_manager():
    global _manager
    if _manager is None:
        _manager = Manager()
    return _manager
manager = get_manager()
~~~ return 1 => return 2
=== the argument acts differently, and is called | must=truth
class Manager:
    def __init__(self, f): self.level = f()
def level(): return 1
_manager = None
def get_manager(f):
    global _manager
    if _manager is None:
        _manager = Manager(f)
    return _manager
manager = get_manager(level)
LEVEL = manager.level
~~~ return 1 => return 2
=== the key compares | must=truth
class Key:
    def __init__(self, n): self.n = n
    def __hash__(self): return hash(self.n)
    def __eq__(self, other): return self.n == other.n
class Log:
    def get(self): return 1
_logs = {}
def get_log(key):
    if key not in _logs:
        _logs[key] = Log()
    return _logs[key]
one = get_log(Key(1))
two = get_log(Key(1))
SAME = one is two
~~~ return self.n == other.n => return self is other
=== the table makes what it has not got | must=truth
class Table(dict):
    def __contains__(self, key): return key == "x"
    def __missing__(self, key): return 1
class Log:
    def get(self): return 1
_logs = Table()
def get_log(name):
    if name not in _logs:
        _logs[name] = Log()
    return _logs[name]
log = get_log("x")
~~~ return 1 => return 2
=== the cache keeps what is made otherwise | must=truth
from functools import lru_cache
class Manager:
    def __init__(self): self.level = 1
@lru_cache
def get_manager(): return Manager()
def level(): return get_manager().level
LEVEL = get_manager().level
~~~ level = 1 => level = 2
=== the cache keeps what is computed | must=truth
from functools import lru_cache
class Manager:
    def get(self): return 1
@lru_cache
def level(): return Manager().get()
<<< level()
~~~ return 1 => return 2
>>> level() == 2
=== the function's name is bound again | must=truth
class Manager:
    def get(self): return 1
def get_manager():
    return Manager()
def get_manager():
    return Manager().get()
manager = get_manager()
~~~ return 1 => return 2
=== an attribute that is set anew | must=truth
class Manager:
    def get(self): return 1
    level = 1
_manager = None
def get_manager():
    global _manager
    if _manager is None:
        _manager = Manager()
    return _manager
manager = get_manager()
LEVEL = manager.level
~~~ level = 1 => level = 2
=== a dataclass with another default | must=truth
from dataclasses import dataclass
@dataclass
class Config:
    level: int = 1
_config = None
def get_config():
    global _config
    if _config is None:
        _config = Config()
    return _config
config = get_config()
LEVEL = config.level
~~~ level: int = 1 => level: int = 2
=== it is handed what changed, which is called when it is made | must=truth
class Store:
    def count(self): return 1
class Manager:
    def __init__(self, store): self.level = store.count()
_manager = None
def get_manager(store):
    global _manager
    if _manager is None:
        _manager = Manager(store)
    return _manager
manager = get_manager(Store())
LEVEL = manager.level
~~~ return 1 => return 2
=== the constant that it is made of | must=truth
PATH = "data"
_manager = None
class Manager:
    def __init__(self, path): self.path = path
    def get(self): return 1
def get_manager():
    global _manager
    if _manager is None:
        _manager = Manager(PATH)
    return _manager
manager = get_manager()
WHERE = manager.path
~~~ "data" => "other"
~~~ return 1 => return 2
=== the object that it is made of, which it asks | must=truth
class Config:
    def path(self): return "data"
config = Config()
_manager = None
class Manager:
    def __init__(self, config): self.path = config.path()
    def get(self): return 1
def get_manager():
    global _manager
    if _manager is None:
        _manager = Manager(config)
    return _manager
manager = get_manager()
WHERE = manager.path
~~~ "data" => "other"
=== it is made of its own class's constant | must=truth
_manager = None
class Manager:
    PATH = "data"
    def __init__(self, path): self.path = path
    def get(self): return 1
def get_manager():
    global _manager
    if _manager is None:
        _manager = Manager(Manager.PATH)
    return _manager
manager = get_manager()
WHERE = manager.path
~~~ "data" => "other"
=== it is made of what is kept | must=truth
class Manager:
    def __init__(self, before): self.level = before.get() if before else 0
    def get(self): return 1
_manager = None
def next_manager():
    global _manager
    _manager = Manager(_manager)
    return _manager
first = next_manager()
second = next_manager()
WHERE = second.level
~~~ return 1 => return 2
=== whether it is true comes from what a method calls | must=truth
NUMBERS = []
def is_true(): return False
class Manager:
    def __init__(self): NUMBERS.append(1)
    def __len__(self): return int(is_true())
_manager = None
def get_manager():
    global _manager
    if not _manager:
        _manager = Manager()
    return _manager
manager = get_manager()
again = get_manager()
N = len(NUMBERS)
~~~ return False => return True
=== hasattr is the plugin's own | must=truth
def hasattr(owner, name): return owner.ask()
class Manager:
    @classmethod
    def instance(cls):
        if not hasattr(cls, "_it"):
            cls._it = cls()
        return cls._it
    @staticmethod
    def ask(): return False
    _it = None
manager = Manager.instance()
~~~ return False => return True
=== where it is kept is a property | must=truth
LEVELS = []
def note(): LEVELS.append(1)
class App:
    it = None
    @property
    def manager(self):
        note()
        return self.it
    @manager.setter
    def manager(self, it): self.it = it
app = App()
class Manager:
    def get(self): return 1
def get_manager():
    if app.manager is None:
        app.manager = Manager()
    return app.manager
manager = get_manager()
LEVEL = LEVELS[0]
~~~ LEVELS.append(1) => LEVELS.append(2)
=== where its class keeps it is a descriptor | must=truth
LEVELS = []
def note(): LEVELS.append(1)
class Kept:
    it = None
    def __get__(self, one, cls):
        note()
        return None
class Manager:
    _it = Kept()
    @classmethod
    def instance(cls):
        if cls._it is None:
            return cls()
        return cls._it
    def get(self): return 1
manager = Manager.instance()
LEVEL = LEVELS[0]
~~~ LEVELS.append(1) => LEVELS.append(2)
=== a base's descriptor keeps it | must=truth
LEVELS = []
def note(): LEVELS.append(1)
class Kept:
    def __get__(self, one, cls):
        note()
        return None
class Base:
    _it = Kept()
class Manager(Base):
    @staticmethod
    def instance():
        if Manager._it is None:
            return Manager()
        return Manager._it
    def get(self): return 1
manager = Manager.instance()
LEVEL = LEVELS[0]
~~~ LEVELS.append(1) => LEVELS.append(2)
=== what is there at first says whether it is true | must=truth
def is_true(): return False
class Nothing:
    def __bool__(self): return is_true()
_manager = Nothing()
class Manager:
    def get(self): return 1
def get_manager():
    global _manager
    if not _manager:
        _manager = Manager()
    return _manager
manager = get_manager()
KIND = type(manager).__name__
~~~ return False => return True
=== the function is replaced from outside | must=truth
class Manager:
    _it = None
    @classmethod
    def instance(cls):
        if cls._it is None:
            cls._it = cls()
        return cls._it
    def get(self): return 1
def other(): return Manager().get()
Manager.instance = staticmethod(other)
level = Manager.instance()
~~~ return 1 => return 2
=== a function replaces the function | must=truth
class Manager:
    def get(self): return 1
_manager = None
def get_manager():
    global _manager
    if _manager is None:
        _manager = Manager()
    return _manager
def replace():
    global get_manager
    get_manager = lambda: Manager().get()
replace()
level = get_manager()
~~~ return 1 => return 2
=== a metaclass of who gives it | must=truth
class Manager:
    def get(self): return 1
class Meta(type):
    def __getattribute__(cls, name):
        return (lambda: Manager().get()) if name == "instance" else super().__getattribute__(name)
class Factory(metaclass=Meta):
    @staticmethod
    def instance(): return Manager()
level = Factory.instance()
~~~ return 1 => return 2
=== a decorator of the class that gives it looks into it | must=truth
def loud(cls):
    give = cls.manager
    cls.manager = staticmethod(lambda: give().get())
    return cls
class Manager:
    def get(self): return 1
@loud
class Factory:
    @staticmethod
    def manager(): return Manager()
level = Factory.manager()
~~~ return 1 => return 2
=== another key of the table compares | must=truth
class Key:
    def __hash__(self): return hash("x")
    def __eq__(self, other): return True
class Log:
    def get(self): return 1
_logs = {}
_logs[Key()] = "another"
def get_log(name):
    if name not in _logs:
        _logs[name] = Log()
    return _logs[name]
log = get_log("x")
~~~ return True => return False
=== what the lock calls | must=truth
COUNTS = []
def count(): COUNTS.append(1)
class Lock:
    def __enter__(self): count()
    def __exit__(self, *_): pass
_lock = Lock()
class Manager:
    def get(self): return 1
_manager = None
def get_manager():
    global _manager
    with _lock:
        if _manager is None:
            _manager = Manager()
    return _manager
manager = get_manager()
N = list(COUNTS)
~~~ COUNTS.append(1) => COUNTS.append(2)
=== what it says when it is made | must=truth
SAID = []
def say(text): SAID.append(text)
class Manager:
    def get(self): return 1
_manager = None
def get_manager():
    global _manager
    if _manager is None:
        _manager = Manager()
        say("made")
    return _manager
manager = get_manager()
N = list(SAID)
~~~ SAID.append(text) => SAID.append(text * 2)
=== a table of the plugin's own, by what it calls | must=truth
def has(key): return True
class Table(dict):
    def __contains__(self, key): return has(key)
    def __missing__(self, key): return 1
class Log:
    def get(self): return 1
_logs = Table()
def get_log(name):
    if name not in _logs:
        _logs[name] = Log()
    return _logs[name]
log = get_log("x")
~~~ return True => return False
=== what is made is entered | must=truth
LEVELS = []
def note(): LEVELS.append(1)
class Manager:
    def __enter__(self): note()
    def __exit__(self, *_): pass
_manager = None
def get_manager():
    global _manager
    if _manager is None:
        _manager = Manager()
    with _manager:
        return _manager
manager = get_manager()
LEVEL = LEVELS[0]
~~~ LEVELS.append(1) => LEVELS.append(2)
=== what is made is called | must=truth
LEVELS = []
def note(): LEVELS.append(1)
class Manager:
    def __call__(self): note()
_manager = None
def get_manager():
    global _manager
    if _manager is None:
        _manager = Manager()
        _manager()
    return _manager
manager = get_manager()
LEVEL = LEVELS[0]
~~~ LEVELS.append(1) => LEVELS.append(2)
"""
)


@pytest.mark.parametrize("row", GIVEN)
def test_it_is_not_asked_again(ws: Workspace, row: Row) -> None:
    edits.check(ws, row)


@pytest.mark.parametrize("row", OTHERWISE)
def test_where_it_would_be_otherwise(ws: Workspace, row: Row) -> None:
    edits.check(ws, row)
