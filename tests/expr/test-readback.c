/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "orr-expr-parse.h"
#include "orr-expr-print.h"
#include "orr-expr-program.h"
#include "random-tree.h"

/* Expressions written for other languages have the same values there: run by Python and by the C compiler. */
#define N_TREES 400
/* SymPy takes as long for one as NumPy for hundreds. */
#define N_SYMPY 100
#define N_POINTS 5

static const double points[3][N_POINTS] = { { 0.3, 1.7, -2.2, 4.1, -0.6 }, { 1.1, 0.4, 2.6, -1.3, 3.3 }, { -0.7, 2.9, 0.2, 1.5, -3.1 } };

static char *
print_tree (guint i, OrrExprFormat format)
{
  g_autoptr (OrrExpr) tree = random_tree (7000000 + i, 3 + i % 20, FALSE);
  const OrrExprPrint how = { .format = format };

  return orr_expr_print (tree, &how);
}

/* The program's output, one value a line, tree by tree, against our own evaluation. */
static void
compare (const char *output, guint n_trees)
{
  g_auto (GStrv) lines = g_strsplit (output, "\n", -1);
  guint compared = 0, apart = 0;

  g_assert_cmpuint (g_strv_length (lines), >=, n_trees * N_POINTS);
  for (guint i = 0; i < n_trees; i++)
    {
      g_autoptr (OrrExpr) tree = random_tree (7000000 + i, 3 + i % 20, FALSE);
      double y[N_POINTS];

      orr_expr_eval (tree, points[0], N_POINTS, N_POINTS, y);
      for (guint k = 0; k < N_POINTS; k++)
        {
          double there = g_ascii_strtod (lines[i * N_POINTS + k], NULL);
          if (!isfinite (y[k]) || !isfinite (there))
            continue;
          compared++;
          if (!(fabs (there - y[k]) <= 1e-6 * (1.0 + fabs (y[k]))))
            {
              apart++;
              g_autofree char *text = orr_expr_to_text (tree, NULL, 0);
              g_test_message ("%s: %.17g here, %.17g there", text, y[k], there);
            }
        }
    }
  /* A few random trees are so steep that the last bit of a sine decides. */
  g_test_message ("%u values compared, %u differ", compared, apart);
  g_assert_cmpuint (compared, >, n_trees);
  g_assert_cmpuint (apart, <=, compared / 200);
}

static char *
run (const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  char *output = NULL;
  int status = 0;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &output, NULL, &status, &error);
  if (error != NULL || status != 0)
    g_clear_pointer (&output, g_free);
  return output;
}

static void
check_python (OrrExprFormat format, guint n_trees, const char *preamble, const char *function)
{
  g_autoptr (GString) script = g_string_new (preamble);
  g_autofree char *path = NULL;
  int handle = g_file_open_tmp ("orrery-XXXXXX.py", &path, NULL);

  g_close (handle, NULL);
  g_string_append (script, "points = [");
  for (guint k = 0; k < N_POINTS; k++)
    g_string_append_printf (script, "(%g, %g, %g), ", points[0][k], points[1][k], points[2][k]);
  g_string_append (script, "]\n");
  g_string_append (script, function);
  for (guint i = 0; i < n_trees; i++)
    {
      g_autofree char *text = print_tree (i, format);
      g_string_append_printf (script, "show(r'%s')\n", text);
    }
  g_assert_true (g_file_set_contents (path, script->str, -1, NULL));

  /* -I: whatever lies beside the script is none of Python's libraries. */
  const char *const argv[] = { "/usr/bin/python3", "-I", path, NULL };
  g_autofree char *output = run (argv);
  g_unlink (path);
  if (output == NULL)
    g_test_skip ("Python with this library is not here");
  else
    compare (output, n_trees);
}

static void
test_python (void)
{
  check_python (ORR_EXPR_PYTHON, N_TREES, "import numpy as np, warnings\nwarnings.simplefilter('ignore')\n",
                "def show(text):\n"
                "  for p in points:\n"
                "    try: print(repr(float(eval(text, dict(np=np, x_1=np.float64(p[0]), x_2=np.float64(p[1]), x_3=np.float64(p[2]))))))\n"
                "    except Exception: print('nan')\n");
}

/* Presentation MathML is parsed as XML, and its layout read as a person does. */
static void
test_mathml (void)
{
  check_python (
    ORR_EXPR_MATHML, N_TREES,
    "import numpy as np, warnings\nimport xml.etree.ElementTree as ET\nwarnings.simplefilter('ignore')\n"
    "names = {'ln': 'np.log', 'arcsin': 'np.arcsin', 'arccos': 'np.arccos', 'arctan': 'np.arctan',\n"
    "         'coth': '(lambda v: 1/np.tanh(v))', '\u03c0': 'np.pi', 'e': 'np.e'}\n"
    "for n in 'sin cos tan sinh cosh tanh'.split(): names[n] = 'np.' + n\n"
    "signs = {'\u00b7': '*', '+': '+', '-': '-', '(': '(', ')': ')'}\n"
    "def row(children):\n"
    "  children = list(children)\n"
    "  if children and children[0].tag == 'mo' and children[0].text == '|':\n"
    "    return 'np.abs(' + row(children[1:-1]) + ')'\n"
    "  out, number = '', False\n"
    "  for child in children:\n"
    "    if number and child.tag == 'mi': out += '*'\n"
    "    out += read(child)\n"
    "    number = child.tag == 'mn'\n"
    "  return out\n"
    "def read(e):\n"
    "  if e.tag in ('math', 'mrow'): return row(e)\n"
    "  if e.tag == 'mn': return e.text\n"
    "  if e.tag == 'mi': return names.get(e.text, e.text)\n"
    "  if e.tag == 'mo': return signs[e.text]\n"
    "  if e.tag == 'msub': return read(e[0]) + '_' + read(e[1])\n"
    "  if e.tag == 'mfrac': return '((' + read(e[0]) + ')/(' + read(e[1]) + '))'\n"
    "  if e.tag == 'msup': return '((' + read(e[0]) + ')**(' + read(e[1]) + '))'\n"
    "  if e.tag == 'msqrt': return 'np.sqrt(' + row(e) + ')'\n"
    "  raise ValueError(e.tag)\n",
    "def show(text):\n"
    "  e = ET.fromstring(text)\n"
    "  assert e.tag == '{http://www.w3.org/1998/Math/MathML}math'\n"
    "  for part in e.iter(): part.tag = part.tag.split('}')[1]\n"
    "  text = read(e)\n"
    "  for p in points:\n"
    "    try: print(repr(float(eval(text, dict(np=np, x_1=np.float64(p[0]), x_2=np.float64(p[1]), x_3=np.float64(p[2]))))))\n"
    "    except (ZeroDivisionError, OverflowError): print('nan')\n");
}

static void
test_sympy (void)
{
  check_python (ORR_EXPR_SYMPY, N_SYMPY, "import warnings\nwarnings.simplefilter('ignore')\nfrom sympy import *\n",
                "def show(text):\n"
                "  e = sympify(text, evaluate=False)\n"
                "  for p in points:\n"
                "    try: v = complex(e.subs(dict(x_1=p[0], x_2=p[1], x_3=p[2])).evalf()); print(repr(v.real) if abs(v.imag) < 1e-12 else 'nan')\n"
                "    except Exception: print('nan')\n");
}

/* LaTeX by a reader of its own: fractions from the innermost out, then names and brackets. */
static void
test_latex (void)
{
  check_python (ORR_EXPR_LATEX, N_TREES, "import numpy as np, re, warnings\nwarnings.simplefilter('ignore')\n",
                "def end(text, start):\n"
                "  depth = 0\n"
                "  for i in range(start, len(text)):\n"
                "    depth += (text[i] == '{') - (text[i] == '}')\n"
                "    if depth == 0: return i\n"
                "def translate(text):\n"
                "  text = re.sub(r'x_\\{(\\d)\\}', r'X\\1', text)\n"
                "  while '\\\\frac' in text:\n"
                "    i = text.rindex('\\\\frac')\n"
                "    j = end(text, i + 5)\n"
                "    k = end(text, j + 1)\n"
                "    text = text[:i] + '((' + text[i + 6:j] + ')/(' + text[j + 2:k] + '))' + text[k + 1:]\n"
                "  text = text.replace('\\\\left|', 'abs(').replace('\\\\right|', ')').replace('\\\\left', '').replace('\\\\right', '')\n"
                "  text = text.replace('\\\\cdot', '*').replace('^', '**').replace('{', '(').replace('}', ')')\n"
                "  return re.sub(r'\\\\([a-z]+)', r'f_\\1', text)\n"
                "names = {'f_' + n: getattr(np, n) for n in 'sqrt sin cos tan arcsin arccos arctan sinh cosh tanh'.split()}\n"
                "names.update(f_ln=np.log, f_coth=lambda a: 1/np.tanh(a), e=np.float64(np.e), f_pi=np.float64(np.pi))\n"
                "def show(text):\n"
                "  for p in points:\n"
                "    try: print(repr(float(eval(translate(text), dict(names, X1=np.float64(p[0]), X2=np.float64(p[1]), X3=np.float64(p[2]))))))\n"
                "    except ZeroDivisionError: print('nan')\n");
}

static void
test_c (void)
{
  g_autoptr (GString) program = g_string_new ("#include <math.h>\n#include <stdio.h>\n");
  g_autofree char *directory = g_dir_make_tmp ("orrery-XXXXXX", NULL);
  g_autofree char *source = g_build_filename (directory, "trees.c", NULL), *binary = g_build_filename (directory, "trees", NULL);

  for (guint i = 0; i < N_TREES; i++)
    {
      g_autofree char *text = print_tree (i, ORR_EXPR_C);
      g_string_append_printf (program, "static double f%u (double x_1, double x_2, double x_3) { return %s; }\n", i, text);
    }
  g_string_append (program, "int main (void) {\n");
  for (guint i = 0; i < N_TREES; i++)
    for (guint k = 0; k < N_POINTS; k++)
      g_string_append_printf (program, "printf (\"%%.17g\\n\", f%u (%g, %g, %g));\n", i, points[0][k], points[1][k], points[2][k]);
  g_string_append (program, "return 0; }\n");
  g_assert_true (g_file_set_contents (source, program->str, -1, NULL));

  const char *const compile[] = { "cc", "-O0", "-o", binary, source, "-lm", NULL };
  const char *const argv[] = { binary, NULL };
  g_autofree char *messages = run (compile);
  g_autofree char *output = messages != NULL ? run (argv) : NULL;
  g_unlink (source);
  g_unlink (binary);
  g_rmdir (directory);
  if (messages == NULL && g_find_program_in_path ("cc") == NULL)
    g_test_skip ("There is no C compiler here");
  else
    {
      g_assert_nonnull (output);
      compare (output, N_TREES);
    }
}

/* A random text as people type it, with signs in odd places and as few brackets as chance has it. */
static void
type_text (GString *text, guint64 seed, guint *turn, guint depth)
{
#define DICE(n) orr_random_below (seed, ORR_RANDOM_STREAM_TEST, (*turn)++, n)
  static const char *const leaves[] = { "x_1", "x_2", "x_3", "2", "0.5", "3", "1.5e1", ".25" };
  static const char *const signs[] = { " + ", "-", "*", " / ", "**", "^", "+", " - " };
  static const char *const functions[] = { "sin", "cos", "exp", "np.tanh", "abs", "sqrt" };
  guint kind = depth == 0 ? 0 : DICE (8);

  if (kind <= 1)
    g_string_append (text, leaves[DICE (G_N_ELEMENTS (leaves))]);
  else if (kind == 2)
    {
      g_string_append (text, DICE (2) ? "-" : "+");
      type_text (text, seed, turn, depth - 1);
    }
  else if (kind == 3 || kind == 4)
    {
      if (kind == 4)
        g_string_append (text, functions[DICE (G_N_ELEMENTS (functions))]);
      g_string_append_c (text, '(');
      type_text (text, seed, turn, depth - 1);
      g_string_append_c (text, ')');
    }
  else
    {
      type_text (text, seed, turn, depth - 1);
      g_string_append (text, signs[DICE (G_N_ELEMENTS (signs))]);
      type_text (text, seed, turn, depth - 1);
    }
#undef DICE
}

/* What people type means what it means to Python: which sign binds first, and to what. */
static void
test_typed (void)
{
  g_autoptr (GString) script = g_string_new (
    "import numpy as np, warnings\nwarnings.simplefilter('ignore')\n"
    "names = dict(np=np, x_1=np.float64(0.7), x_2=np.float64(1.9), x_3=np.float64(-1.3), sin=np.sin, cos=np.cos, exp=np.exp, sqrt=np.sqrt)\n"
    "def show(text):\n"
    "  try: print(repr(float(eval(text.replace('^', '**'), names))))\n"
    "  except (ZeroDivisionError, OverflowError, TypeError): print('nan')\n");
  const double x[3] = { 0.7, 1.9, -1.3 };
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *path = NULL;
  guint compared = 0;

  for (guint i = 0; i < 3000; i++)
    {
      GString *text = g_string_new (NULL);
      guint turn = 0;

      type_text (text, i, &turn, 2 + i % 4);
      g_string_append_printf (script, "show(r'%s')\n", text->str);
      g_ptr_array_add (texts, g_string_free (text, FALSE));
    }
  int handle = g_file_open_tmp ("orrery-XXXXXX.py", &path, NULL);
  g_close (handle, NULL);
  g_assert_true (g_file_set_contents (path, script->str, -1, NULL));
  const char *const argv[] = { "/usr/bin/python3", "-I", path, NULL };
  g_autofree char *output = run (argv);
  g_unlink (path);
  if (output == NULL)
    {
      g_test_skip ("Python with NumPy is not here");
      return;
    }
  g_auto (GStrv) lines = g_strsplit (output, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), >=, texts->len);
  for (guint i = 0; i < texts->len; i++)
    {
      const char *text = g_ptr_array_index (texts, i);
      g_autoptr (GError) error = NULL;
      g_autoptr (OrrExpr) expr = orr_expr_parse (text, NULL, 0, NULL, &error);
      double here, there = g_ascii_strtod (lines[i], NULL);

      if (expr == NULL)
        g_error ("%s: %s", text, error->message);
      g_assert_true (orr_expr_eval (expr, x, 1, 1, &here));
      if (!isfinite (here) || !isfinite (there))
        continue;
      compared++;
      if (!(fabs (here - there) <= 1e-9 * (1.0 + fabs (there))))
        g_error ("%s: %.17g here, %.17g in Python", text, here, there);
    }
  g_test_message ("%u values compared", compared);
  g_assert_cmpuint (compared, >, texts->len / 2);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/readback/python", test_python);
  g_test_add_func ("/readback/typed", test_typed);
  g_test_add_func ("/readback/mathml", test_mathml);
  g_test_add_func ("/readback/latex", test_latex);
  g_test_add_func ("/readback/sympy", test_sympy);
  g_test_add_func ("/readback/c", test_c);
  return g_test_run ();
}
