"""Photos are told by their content and kept byte for byte; what the camera wrote can go without touching a pixel."""

from __future__ import annotations

import io
import random

import pytest
from PIL import ExifTags, Image, ImageOps

from tests.readiness.making import picture, picture_with_place
from ucc_participate.kernel.files import UploadRefused
from ucc_participate.readiness.photos import MOST_BYTES, Picture, check_photo, without_words


def pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        return ImageOps.exif_transpose(image).tobytes()


def refusal(app, data: bytes) -> str:
    with app.test_request_context(), pytest.raises(UploadRefused) as refused:
        check_photo(data, name="kiln.jpg")
    with app.test_request_context():
        return str(refused.value.reason)


def noise(bytes_wanted: int) -> bytes:
    """A real photo of just more than so many bytes, by words that a camera could have written."""
    data = picture()
    chunk = random.Random(7).randbytes(60_000)
    while len(data) < bytes_wanted:
        data = data[:2] + b"\xff\xed" + (len(chunk) + 2).to_bytes(2, "big") + chunk + data[2:]
    return data


def test_what_is_handed_in_is_what_was_sent():
    data = picture_with_place()
    upload, told = check_photo(data, name="../secret/kiln.JPEG")
    assert upload.data == data
    assert (told.width, told.height) == (120, 80)
    assert told.tells == ("gps", "camera", "owner")
    assert upload.name.endswith(".jpg")


def test_a_png_that_is_called_jpg_is_refused_by_its_content(app):
    assert "PNG picture, whatever its name says" in refusal(app, picture(kind="PNG"))


def test_a_photo_of_3_1_megabytes_is_refused_with_its_size(app):
    assert "3.1 MB" in refusal(app, noise(3_090_000))
    data = noise(2_900_000)
    assert len(data) <= MOST_BYTES
    assert check_photo(data, name="x.jpg")[0].data == data


def test_colours_of_print_are_refused(app):
    assert "CMYK" in refusal(app, picture(mode="CMYK"))


def test_grey_is_a_colour():
    assert check_photo(picture(mode="L"), name="x.jpg")[1] == Picture(120, 80, ())


@pytest.mark.parametrize("kept", [0.3, 0.7, 0.97])
def test_a_photo_that_ends_too_early_is_refused(app, kept):
    data = picture(size=(400, 300))
    assert "damaged or not complete" in refusal(app, data[: int(len(data) * kept)])


def test_a_photo_without_its_last_two_bytes_is_refused(app):
    assert "damaged or not complete" in refusal(app, picture()[:-2])


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.4\n%%EOF", b"\xff\xd8\xff"])
def test_what_is_no_photo_is_refused(app, data):
    assert refusal(app, data)


@pytest.mark.parametrize("turned", range(1, 9))
def test_what_the_camera_wrote_goes_and_the_picture_stays_upright(turned):
    data = picture_with_place(turned=turned, comment=b"Sara was here")
    clean = without_words(data)
    assert pixels(clean) == pixels(data)
    with Image.open(io.BytesIO(clean)) as image:
        assert set(image.getexif()) <= {ExifTags.Base.Orientation}
        assert not image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        assert "comment" not in image.info
    assert b"Sara" not in clean
    assert check_photo(clean, name="x.jpg")[1].tells == ()


def test_a_progressive_photo_keeps_all_its_scans():
    data = picture(progressive=True, size=(300, 200), comment=b"words")
    assert pixels(without_words(data)) == pixels(data)


def test_a_second_picture_behind_the_first_goes_with_its_words():
    behind = picture_with_place()
    data = picture() + behind
    clean = without_words(data)
    assert b"Tabriz" not in clean
    assert pixels(clean) == pixels(data)


def test_words_that_are_no_exif_are_told_too():
    assert check_photo(picture(comment=b"retouched by"), name="x.jpg")[1].tells == ("words",)


def test_what_stands_behind_the_picture_is_told():
    assert check_photo(picture() + picture_with_place(), name="x.jpg")[1].tells == ("words",)


def test_the_colour_profile_stays():
    profile = b"A profile of colours" * 20
    clean = without_words(picture(icc_profile=profile, comment=b"x"))
    with Image.open(io.BytesIO(clean)) as image:
        assert image.info["icc_profile"] == profile
