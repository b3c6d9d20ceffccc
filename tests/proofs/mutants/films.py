"""The part of the catalogue that is about films."""

from tests.proofs.mutants.mutant import Change, Mutant

FILMS, TESTS, TELLING = "media/films", "tests/media/films", "media/telling.py"
RECORDING = "media/recording.py"
RENDITIONS, ENCODING, READING = (
    f"{FILMS}/{name}.py" for name in ("renditions", "encoding", "reading")
)
APART, LAUNCHED = f"{FILMS}/apart.py", f"{FILMS}/programs/launched.py"
ALONE, JOBS, WALLS = (f"{TESTS}/{name}.py" for name in ("test_apart", "test_jobs", "test_walls"))
NAMED_READER = "test_a_film_is_read_by_the_reader_that_its_first_bytes_name_and_by_no_other"
IS_OK = "found.asset.verdict == Asset.Verdict.OK"
IT_MAY = f"{ALONE}::test_it_neither_computes_nor_writes_more_than_it_may"

OF_FILMS = (
    Mutant(
        name="rendition-probed",
        off="an exit code of 0 is believed",
        changes=(Change(RENDITIONS, "            _check(wanted)\n", ""),),
        tests=(f"{JOBS}::test_a_rendition_that_is_not_the_whole_film_is_not_kept",),
    ),
    Mutant(
        name="rendition-whole",
        off="a tenth of a rendition may be missing",
        changes=(Change(RENDITIONS, "SHARE, SECONDS = 0.01, 0.5", "SHARE, SECONDS = 0.1, 0.5"),),
        tests=(f"{WALLS}::test_of_a_rendition_a_hundredth_may_be_missing",),
    ),
    Mutant(
        name="old-file-deleted",
        off="what a row named before it is made anew stays in the storage",
        changes=(Change(RECORDING, "    names.update(", "    {*names}.update("),),
        tests=(
            f"{TESTS}/test_kept.py::test_of_two_encodings_the_one_that_no_row_names_is_deleted",
        ),
    ),
    Mutant(
        name="deleted-while-made",
        off="a file of a film that was deleted meanwhile stays in the storage",
        changes=(Change(RECORDING, "raise\n    delete_unneeded(names)\n", "raise\n"),),
        tests=(
            f"{TESTS}/test_kept.py::test_of_a_film_that_is_deleted_while_it_is_made_no_file_is_left",
        ),
    ),
    Mutant(
        name="written-over",
        off="ffmpeg leaves a file that is there as it is, and says that all is well",
        changes=(Change(ENCODING, '"-nostdin", "-y", "-v"', '"-nostdin", "-v"'),),
        tests=(f"{TESTS}/test_encoding.py::test_a_rendition_is_the_whole_film",),
    ),
    Mutant(
        name="group-ended",
        off="what ffmpeg has started goes on after it",
        changes=(Change(APART, "os.killpg(process.pid, signal.SIGKILL)", "process.kill()"),),
        tests=(f"{ALONE}::test_whatever_ends_the_block_ends_the_program_and_what_it_has_started",),
    ),
    Mutant(
        name="dies-with-worker",
        off="ffmpeg goes on when its worker is killed",
        changes=(
            Change(LAUNCHED, "    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)\n", ""),
        ),
        tests=(f"{ALONE}::test_it_dies_with_a_parent_that_was_killed",),
    ),
    Mutant(
        name="parent-alive",
        off="ffmpeg begins where its worker has died a moment before",
        changes=(Change(LAUNCHED, "if os.getppid() != parent:", "if os.getppid() == 0:"),),
        tests=(f"{ALONE}::test_it_does_not_begin_where_its_parent_has_died_before",),
    ),
    Mutant(
        name="cpu-bounded",
        off="ffmpeg may compute for ever",
        changes=(Change(LAUNCHED, "        (resource.RLIMIT_CPU, cpu),\n", ""),),
        tests=(IT_MAY,),
    ),
    Mutant(
        name="size-bounded",
        off="ffmpeg may fill the disk",
        changes=(Change(LAUNCHED, "        (resource.RLIMIT_FSIZE, size),\n", ""),),
        tests=(IT_MAY,),
    ),
    Mutant(
        name="memory-bounded",
        off="ffmpeg may take all memory",
        changes=(Change(LAUNCHED, "        (resource.RLIMIT_DATA, memory),\n", ""),),
        tests=(f"{ALONE}::test_it_takes_no_more_memory_than_it_may",),
    ),
    Mutant(
        name="no-surroundings",
        off="ffmpeg has the worker's environment",
        changes=(Change(APART, "            env={},\n", ""),),
        tests=(f"{ALONE}::test_it_has_neither_our_environment_nor_our_rights",),
    ),
    Mutant(
        name="one-reader",
        off="ffmpeg guesses what a film is",
        changes=(Change(READING, '(*bounds, "-f", reader, "-i"', '(*bounds, "-i"'),),
        tests=(f"{WALLS}::{NAMED_READER}",),
    ),
    Mutant(
        name="files-alone",
        off="ffmpeg opens whatever address a film names",
        changes=(Change(READING, '"-protocol_whitelist", "file,pipe"', '"-v", "error"'),),
        tests=(f"{WALLS}::test_nothing_but_files_is_opened_whatever_a_film_might_name",),
    ),
    Mutant(
        name="film-verdict-asked",
        off="a film that nobody has decided about has an address that works",
        changes=(Change("media/film_views.py", f"is_public = {IS_OK}", "is_public = True"),),
        tests=(
            f"{TESTS}/test_film_files.py::test_before_somebody_has_said_so_nobody_sees_anything_of_it",
        ),
    ),
    Mutant(
        name="dead-size-named",
        off="nobody is told which size of a film could not be made",
        changes=(Change(TELLING, "(*refused, *map(_in_words, dead))", "(*refused,)"),),
        tests=(f"{JOBS}::test_what_ffmpeg_does_not_do_thrice_is_for_a_person",),
    ),
    Mutant(
        name="rest-is-there",
        off="of a film whose largest size could not be made nothing is said to be there",
        changes=(
            Change(
                TELLING,
                "return Told(asset=asset, fate=_fate(asset)",
                "return Told(asset=asset, fate=Fate.UNMADE if dead else _fate(asset)",
            ),
        ),
        tests=(
            "tests/notifications/test_upload_mails.py::test_a_film_without_its_largest_size_is_made_all_the_same",
        ),
    ),
    Mutant(
        name="thrice",
        off="what ffmpeg cannot do it does for as long as a storage is waited for",
        changes=(Change(f"{FILMS}/giving_up.py", "if before + 1 < TRIES:", "if before >= 0:"),),
        tests=(f"{JOBS}::test_what_ffmpeg_does_not_do_thrice_is_for_a_person",),
    ),
    Mutant(
        name="smallest-first",
        off="the largest size of a film is made first",
        changes=(
            Change(f"{FILMS}/looking.py", "[rest[0], stills, *rest[1:]]", "[*rest[::-1], stills]"),
        ),
        tests=(
            f"{JOBS}::test_the_first_look_knows_a_film_and_asks_for_the_smallest_rendition_first",
        ),
    ),
    Mutant(
        name="one-film-a-worker",
        off="films take every slot of a worker, and pictures wait behind them",
        changes=(Change(RENDITIONS, ", alone_in_its_worker(wait=WAIT * size / SIZES[0]):", ":"),),
        tests=(
            "tests/proofs/failures/test_films.py::test_of_two_slots_a_film_takes_one_and_a_picture_is_not_behind_it",
        ),
    ),
)
