"""Files that come with a form of the site."""

from odoo.http import request

from ..tools.uploads import RefusedFile, read_upload


def get_file_limits():
    """Return how many files a citizen may send at once, and megabytes of each."""
    params = request.env["ir.config_parameter"]
    return (
        params._get_typed("pakn_1022_website.max_files", 5),
        params._get_typed("pakn_1022_website.max_file_mb", 10),
    )


def read_files(names):
    """Return the files that came with a form, checked and made safe.

    :param list names: of the form's file fields
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
    if len(files) > count:
        return {"files": env._("At most %s files, please.", count)}, [], None
    uploads, place = [], None
    for file in files:
        file.seek(0)  # Odoo does a request over when another one was in its way
        data = file.read(size * 2**20 + 1)
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
        "broken": env._("A photo cannot be read; please take it again."),
        "type": env._(
            "Only photos (JPEG, PNG, WebP, GIF), PDF and videos (MP4, 3GP) can be sent."
        ),
    }[reason]
