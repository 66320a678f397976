"""Files that come with a form of the site."""

from odoo.http import request

from ..tools.submit_form import parse_key
from ..tools.uploads import RefusedFile, read_upload


def get_file_limits():
    """Return how many files a citizen may send at once, and megabytes of each."""
    params = request.env["ir.config_parameter"]
    return (
        params._get_typed("pakn_1022_website.max_files", 5),
        params._get_typed("pakn_1022_website.max_file_mb", 10),
    )


def read_files(names, parts=None):
    """Return the files of a form, checked and made safe.

    Those it carries, and those that came before it in parts: their keys stand in its
    field ``uploads``, its own in ``key`` (see ``pakn.upload``). Who takes the form in
    then calls :func:`drop_parts`.

    :param list names: of the form's file fields
    :param list parts: pairs of keys, of form and file, where no form names them
    :return: ``(errors, list of Upload, (latitude, longitude) or None)``
    """
    env = request.env
    count, size = get_file_limits()
    files = [
        file
        for name in names
        for file in request.httprequest.files.getlist(name)
        if file.filename
    ]
    if parts is None:
        posted = request.httprequest.form
        form_key = parse_key(posted.get("key"))
        parts = [(form_key, parse_key(key)) for key in posted.getlist("uploads")]
    if len(files) + len(parts) > count:
        return {"files": env._("At most %s files, please.", count)}, [], None
    uploads, place = [], None
    for source in (*parts, *files):
        data = _read(source, size * 2**20 + 1)
        if data is None:
            sentence = env._("A file did not arrive whole; please send it again.")
            return {"files": sentence}, [], None
        if len(data) > size * 2**20:
            return (
                {
                    "files": env._(
                        "A file is larger than %s MB; please shorten it.", size
                    )
                },
                [],
                None,
            )
        try:
            upload = read_upload(data)
        except RefusedFile as error:
            return {"files": get_refusal(error.reason)}, [], None
        place = place or upload.place
        uploads.append(upload)
    return {}, uploads, place


def _read(source, most):
    """Return the bytes of a file that a form carries, or of the one with these keys.

    :param source: ``FileStorage``, or the keys of form and file
    :param int most: bytes that are read
    """
    if isinstance(source, tuple):
        return request.env["pakn.upload"]._read_whole(*source) if all(source) else None
    source.seek(0)  # Odoo does a request over when another one was in its way
    return source.read(most)


def drop_parts():
    """Forget the files that came in parts before the form that was taken in."""
    form_key = parse_key(request.httprequest.form.get("key"))
    if form_key and request.httprequest.form.get("uploads"):
        request.env["pakn.upload"]._drop(form_key)


def get_refusal(reason):
    """Return the sentence for a file that is not taken."""
    env = request.env
    return {
        "heic": env._(
            "HEIC photos cannot be taken. Set the camera to “most compatible” (JPEG), "
            "or send a screenshot of the photo."
        ),
        "large": env._(
            "This photo has too many pixels; please send a smaller one, or a JPEG."
        ),
        "empty": env._("A file is empty; please choose it again, or another one."),
        "broken": env._("A photo cannot be read; please take it again."),
        "type": env._(
            "Only photos (JPEG, PNG, WebP, GIF), PDF and videos (MP4, 3GP) can be sent."
        ),
    }[reason]
