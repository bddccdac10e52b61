"""Law of a branch: its policy pack, intersected with the baseline."""

from api.house import House
from dispatch.model import Branch
from dispatch.policy.pack import Pack, effective, load_pack


def pack_of(house: House, branch: Branch) -> Pack:
    """Return the branch's pack as it is written."""
    return load_pack(branch.pack_id, house.settings.pack_folder)


def law_of(house: House, branch: Branch) -> Pack:
    """Return what binds the branch: the stricter of pack and baseline."""
    return effective(pack_of(house, branch))
