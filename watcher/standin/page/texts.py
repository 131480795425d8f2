"""The texts of the stand-in's page."""

TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Watcher stand-in",
        "intro": "This is not a real Watcher: it exists in memory only and forgets everything when"
        " it stops. Change a camera here, and see what the billing makes of it.",
        "cameras": "Cameras",
        "search": "Name or title",
        "find": "Search",
        "shown": "{shown} of {all} cameras",
        "nothing": "No cameras match.",
        "next": "Next page",
        "first": "First page",
        "name": "Name",
        "name_help": "1 to 500 characters. It can never change.",
        "camera_title": "Title",
        "organization": "Organization",
        "preset": "Preset",
        "state": "State",
        "enabled": "Enabled",
        "disabled": "Disabled",
        "changed": "Last change (UTC)",
        "by": "by {login}",
        "add": "Add camera",
        "save": "Save",
        "delete": "Delete camera",
        "back": "All cameras",
        "history": "History",
        "from": "From (UTC)",
        "to": "To (UTC)",
        "now": "now",
        "was_added": "{name} was added.",
        "was_saved": "{name} was saved.",
        "was_deleted": "{name} was deleted.",
        "changed_meanwhile": "The camera was changed after you opened this page. This is how it is"
        " now: change it again if you still want to.",
        "gone": "There is no camera {name}.",
        "refused": "Watcher refuses this: {title} ({pointer}).",
        "number": "Choose an organization and a preset.",
        "other_origin": "This form comes from another address.",
        "signing_in": "Signing in…",
        "signed_in": "Signed in as {name}.",
        "not_signed_in": "Nobody is signed in: the link was used before, or has expired.",
        "not_found": "There is no such page.",
    },
    "ru": {
        "title": "Имитация Watcher",
        "intro": "Это не настоящий Watcher: он живёт только в памяти и при остановке всё забывает."
        " Измените здесь камеру и посмотрите, что увидит биллинг.",
        "cameras": "Камеры",
        "search": "Имя или название",
        "find": "Найти",
        "shown": "Показано {shown} из {all}",
        "nothing": "Подходящих камер нет.",
        "next": "Следующая страница",
        "first": "Первая страница",
        "name": "Имя",
        "name_help": "От 1 до 500 символов. Изменить его потом нельзя.",
        "camera_title": "Название",
        "organization": "Организация",
        "preset": "Пресет",
        "state": "Состояние",
        "enabled": "Включена",
        "disabled": "Отключена",
        "changed": "Последнее изменение (UTC)",
        "by": "{login}",
        "add": "Добавить камеру",
        "save": "Сохранить",
        "delete": "Удалить камеру",
        "back": "Все камеры",
        "history": "История",
        "from": "С (UTC)",
        "to": "По (UTC)",
        "now": "сейчас",
        "was_added": "Камера {name} добавлена.",
        "was_saved": "Камера {name} сохранена.",
        "was_deleted": "Камера {name} удалена.",
        "changed_meanwhile": "Пока страница была открыта, камеру изменили. Ниже её нынешнее"
        " состояние: если нужно, внесите изменения ещё раз.",
        "gone": "Камеры {name} нет.",
        "refused": "Watcher отказывает: {title} ({pointer}).",
        "number": "Выберите организацию и пресет.",
        "other_origin": "Форма отправлена с другого адреса.",
        "signing_in": "Выполняется вход…",
        "signed_in": "Выполнен вход: {name}.",
        "not_signed_in": "Вход не выполнен: ссылка уже использована или устарела.",
        "not_found": "Такой страницы нет.",
    },
}


def language_of(accepted: str) -> str:
    """Return the language that a browser prefers, among those there are."""
    for part in accepted.split(","):
        language = part.strip()[:2].lower()
        if language in TEXTS:
            return language
    return "en"
