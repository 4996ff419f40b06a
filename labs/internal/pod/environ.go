package pod

import (
	"os"
	"strings"
)

// Environ is the environment of judged programs: home and tmp, and what finds and runs programs in the usual
// languages. It is a list of what is allowed, so that no token or setting of the user's ever gets in.
func Environ(home, tmp string) []string {
	env := []string{
		"HOME=" + home, "USERPROFILE=" + home,
		"TMPDIR=" + tmp, "TEMP=" + tmp, "TMP=" + tmp,
	}
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if name = strings.ToUpper(name); strings.HasPrefix(name, "LC_") || passed(name) {
			env = append(env, variable)
		}
	}
	return env
}

// passed tells whether a variable is handed on to judged programs. Names are in capitals: on Windows case says nothing.
func passed(name string) bool {
	switch name {
	case "PATH", "LANG", "LANGUAGE", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH":
	case "GOROOT", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "DENO_DIR", "BUN_INSTALL":
	case "NODE_PATH", "NVM_DIR", "VOLTA_HOME", "FNM_DIR", "ASDF_DIR", "ASDF_DATA_DIR", "MISE_DATA_DIR":
	case "PYENV_ROOT", "PYENV_VERSION", "VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "CONDA_PREFIX":
	case "RBENV_ROOT", "GEM_HOME", "GEM_PATH", "BUNDLE_PATH", "ERL_LIBS", "OPAMROOT", "OPAMSWITCH":
	case "JAVA_HOME", "CLASSPATH", "SDKMAN_DIR", "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64":
	case "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "OS", "NUMBER_OF_PROCESSORS",
		"PROCESSOR_ARCHITECTURE", "PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMDATA", "COMMONPROGRAMFILES":
	default:
		return false
	}
	return true
}
